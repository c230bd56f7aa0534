#include <gtest/gtest.h>

#include <algorithm>

#include "corpora/case/text.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/other_calls.h"
#include "oracles/trial/fresh_runs.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

constexpr std::string_view scaled_op = "aten::op(Tensor self, float scale) -> Tensor";

corpora::Case scaled_vector() {
  corpora::Case c = case_of("aten::op", 1);
  c.calls[0].arguments.push_back(corpora::Value::of_real(2));
  return c;
}

// Provides fresh runs while it lives: a function of the number of calls before the last one.
class Fresh {
 public:
  explicit Fresh(float (*last)(size_t calls_before)) {
    fresh_runs() = [last](const std::vector<corpora::Case>& programs) {
      const size_t before = programs.size() - 1 + programs.back().calls.size() - 1;
      return FreshRun{std::vector<bool>(programs.size(), true), outcome_of(last(before)).last()};
    };
  }
  ~Fresh() { fresh_runs() = nullptr; }
};

Verdict judged_after() {
  return run_check(check_history, scaled_vector(), {scaled_op}, always(outcome_of(1)));
}

TEST(OtherCalls, HaveOtherSizesDtypesNumbersAndValues) {
  const corpora::Case c = scaled_vector();
  const std::vector<corpora::Case> all = other_calls(c);
  const auto some = [&](auto&& differs) { return std::ranges::any_of(all, differs); };
  EXPECT_TRUE(some([&](const auto& o) { return o.inputs[0].sizes != c.inputs[0].sizes; }));
  EXPECT_TRUE(some([&](const auto& o) { return o.storages[0].dtype != c.storages[0].dtype; }));
  EXPECT_TRUE(some([&](const auto& o) { return o.calls[0].arguments[1] != c.calls[0].arguments[1]; }));
  EXPECT_TRUE(some([&](const auto& o) { return o.storages[0].rule != c.storages[0].rule; }));
  for (const corpora::Case& other : all) EXPECT_EQ(corpora::fault_of(other), "");
}

TEST(HistoryOracle, LastCallIsComparedWithTheSameCallAlone) {
  const Fresh same([](size_t) { return 1.0F; });
  EXPECT_EQ(judged_after().judgement, Judgement::agree);
  const Fresh stale([](size_t before) { return before == 0 ? 1.0F : 2.0F; });
  const Verdict verdict = judged_after();
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_GT(corpora::parse_case(verdict.right_case, "right").calls.size(), 1u);
}

TEST(HistoryOracle, ProcessThatDiesIsIncomparable) {
  fresh_runs() = [](const auto&) { return std::nullopt; };
  EXPECT_EQ(judged_after().judgement, Judgement::incomparable);
  fresh_runs() = nullptr;
}

TEST(HistoryOracle, WithoutFreshProcessesEveryCaseIsRefused) {
  EXPECT_EQ(judged_after().judgement, Judgement::refused);
}

}  // namespace
}  // namespace oracles
