// Coverage of the engine: key, reason, outcome and dtype class of the cells of a call.
#include "oracles/trial/coverage.h"

#include <gmock/gmock.h>

#include "corpora/case/text.h"
#include "oracles/make_subject.h"
#include "oracles/trial/trial.h"

namespace oracles {
namespace {

using testing::Contains;
using testing::Each;

struct Named {
  std::string op;
  engine::DispatchKey key;
  engine::Reason reason;
  Status outcome;

  bool operator==(const Named&) const = default;
};

std::ostream& operator<<(std::ostream& to, const Named& cell) {
  return to << cell.op << " at " << engine::name_of(cell.key) << " by " << engine::name_of(cell.reason)
            << ", status " << static_cast<int>(cell.outcome);
}

class CoverageTest : public testing::Test {
 protected:
  std::vector<Cell> cells(std::string_view call, const corpora::Path& path = {}) {
    const std::string text = std::string("faultline case 1\nstorage s0 f32[6] normal(1)\n") +
                             "input t0 s0 sizes [2, 3] strides [3, 1] offset 0\ncall r0 " +
                             std::string(call) + "\n";
    const corpora::Case c = corpora::parse_case(text, "test");
    std::vector<Cell> found;
    Trial trial(*subject_, c);
    trial.after_run = [&](const corpora::Case& ran, const Outcome& outcome) {
      for (const Cell& cell : cells_of(*subject_, ran, outcome)) found.push_back(cell);
    };
    trial.run(path);
    return found;
  }
  std::vector<Named> named(std::string_view call, const corpora::Path& path = {}) {
    std::vector<Named> found;
    for (const Cell& cell : cells(call, path))
      found.push_back({subject_->catalog().operators()[cell.op].name,
                       static_cast<engine::DispatchKey>(cell.key), cell.reason, cell.outcome});
    return found;
  }

  std::unique_ptr<Subject> subject_ = make_subject("engine", {});
};

TEST_F(CoverageTest, RunWithoutATraceHasNone) { EXPECT_TRUE(cells("aten::exp(t0)").empty()); }

TEST_F(CoverageTest, CallHasTheCellOfItsKernel) {
  subject_->record_trace(true);
  EXPECT_THAT(named("aten::exp(t0)"), Contains(Named{"aten::exp", engine::DispatchKey::CPU,
                                                     engine::Reason::kernel, Status::returned}));
  for (const Cell& cell : cells("aten::exp(t0)"))
    EXPECT_EQ(cell.dtype, 1 + static_cast<int>(engine::DTypeClass::real));
}

TEST_F(CoverageTest, RaisingCallHasAnotherCell) {
  subject_->record_trace(true);
  EXPECT_THAT(named("aten::transpose.int(t0, 7, 0)"),
              Contains(testing::Field(&Named::outcome, Status::raised)));
  EXPECT_THAT(named("aten::transpose.int(t0, 1, 0)"),
              Each(testing::Field(&Named::outcome, Status::returned)));
}

TEST_F(CoverageTest, LayerAddsItsKey) {
  subject_->record_trace(true);
  const auto zero = testing::Field(&Named::key, engine::DispatchKey::ZeroTensor);
  EXPECT_THAT(named("aten::exp(t0)"), testing::Not(Contains(zero)));
  EXPECT_THAT(named("aten::exp(t0)", corpora::parse_path("zero(0)")), Contains(zero));
  EXPECT_THAT(named("aten::exp(t0)", corpora::parse_path("meta")),
              Contains(testing::Field(&Named::key, engine::DispatchKey::Meta)));
}

}  // namespace
}  // namespace oracles
