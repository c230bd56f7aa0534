#include "reports/minimiser.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "corpora/case/draw.h"
#include "corpora/case/schema_catalog.h"
#include "corpora/case/simpler.h"
#include "corpora/case/text.h"

namespace reports {
namespace {

const corpora::Catalog& catalog() {
  static const corpora::Catalog small =
      corpora::catalog_of({"aten::exp(Tensor self) -> Tensor",
                           "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
                           "aten::cat(Tensor[] tensors, int dim=0) -> Tensor"});
  return small;
}

corpora::Case drawn(uint64_t seed) {
  corpora::PhiloxChoices choices(seed, 1, 2);
  const auto& op = catalog().operators()[seed % catalog().operators().size()];
  return corpora::draw(catalog(), op, corpora::Domains::torch(), choices);
}

// Failures of several sorts, which the given case shows.
std::function<bool(const corpora::Case&)> failure(int sort, const corpora::Case& c) {
  const std::string op = c.calls.back().op;
  const size_t inputs = c.inputs.size();
  const size_t rank = inputs == 0 ? 0 : c.inputs[0].sizes.size();
  return [=](const corpora::Case& candidate) {
    if (sort == 0) return candidate.calls.back().op == op;
    if (sort == 1) return candidate.inputs.size() == inputs;
    return !candidate.inputs.empty() && candidate.inputs[0].sizes.size() >= rank;
  };
}

RC_GTEST_PROP(Minimiser, ResultStillFailsAndIsNoLarger, (uint32_t seed)) {
  const corpora::Case c = drawn(seed);
  const auto fails = failure(*rc::gen::inRange(0, 3), c);
  RC_PRE(fails(c));
  const Minimised result = minimise(c, catalog(), fails);
  RC_ASSERT(fails(result.smallest));
  RC_ASSERT(corpora::fault_of(result.smallest).empty());
  RC_ASSERT(corpora::measure_of(result.smallest, catalog()) <= corpora::measure_of(c, catalog()));
  RC_ASSERT(result.candidates_tried <= 400);
}

RC_GTEST_PROP(Minimiser, NoCandidateIsTriedTwice, (uint32_t seed)) {
  std::set<std::string> tried;
  const corpora::Case c = drawn(seed);
  minimise(c, catalog(), [&](const corpora::Case& candidate) {
    RC_ASSERT(tried.insert(corpora::to_text(candidate)).second);
    return candidate.calls.back().op == c.calls.back().op;
  });
  RC_ASSERT(!tried.contains(corpora::to_text(c)));
}

TEST(Minimiser, StopsAtItsBudget) {
  int tried = 0;
  const Minimised result =
      minimise(drawn(1), catalog(), [&](const corpora::Case&) { return ++tried > 0; }, 3);
  EXPECT_LE(tried, 3);
  EXPECT_EQ(result.candidates_tried, tried);
}

TEST(Minimiser, CaseWithoutASimplerFailureIsUnchanged) {
  const corpora::Case c = drawn(4);
  const Minimised result = minimise(c, catalog(), [](const corpora::Case&) { return false; });
  EXPECT_EQ(result.smallest, c);
}

}  // namespace
}  // namespace reports
