#include <gtest/gtest.h>

#include <algorithm>

#include "corpora/case/text.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/enlarged.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

constexpr std::string_view total = "aten::op(Tensor self) -> Tensor";

corpora::Case on_small_matrix() {
  corpora::Case c = case_of("aten::op", 1, 6);
  c.inputs[0] = {0, {2, 3}, {1, 2}, 0};
  return c;
}

TEST(Enlarged, EqualSizesGrowTogetherBeyondTheGrainSize) {
  corpora::Case c = on_small_matrix();
  c.inputs.push_back(c.inputs[0]);
  c.inputs[1].sizes = {3, 2};
  for (uint64_t index = 0; index < 20; ++index) {
    corpora::PhiloxChoices choices(1, 2, index);
    const auto large = enlarged(c, choices);
    ASSERT_TRUE(large);
    EXPECT_EQ(corpora::fault_of(*large), "");
    EXPECT_EQ(large->inputs[0].sizes[0], large->inputs[1].sizes[1]);
    EXPECT_EQ(large->inputs[0].sizes[1], large->inputs[1].sizes[0]);
    EXPECT_GE(engine::element_count(large->inputs[0].sizes), 100'000);
    EXPECT_EQ(large->inputs[0].strides[0], 1);  // the order of strides stays
    EXPECT_NE(large->inputs[0].storage, large->inputs[1].storage);
  }
}

TEST(Enlarged, NothingCanGrowFromNumbersOrEmptyTensors) {
  corpora::Case c = on_small_matrix();
  corpora::PhiloxChoices choices(1, 2, 3);
  c.inputs[0] = {0, {}, {}, 0};
  EXPECT_FALSE(enlarged(c, choices));
  c.inputs[0] = {0, {2, 0}, {1, 1}, 0};
  EXPECT_FALSE(enlarged(c, choices));
}

// An operator whose result depends on the number of threads and on the size of its input.
Verdict judged_by_threads(float (*result)(int32_t threads, int64_t elements)) {
  return run_check(check_threads, on_small_matrix(), {total},
                   [=](const corpora::Case& c, auto&, const corpora::Path& path) {
                     const int32_t threads = path.empty() ? 1 : path.front().storage;
                     return outcome_of(result(threads, c.storages[0].elements));
                   });
}

TEST(ThreadsOracle, ResultMustNotDependOnTheNumberOfThreads) {
  EXPECT_EQ(judged_by_threads([](int32_t, int64_t) { return 1.0F; }).judgement, Judgement::agree);
  const Verdict verdict = judged_by_threads(
      [](int32_t threads, int64_t elements) { return static_cast<float>(elements < 100'000 ? 0 : threads); });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.left.front().storage, 1);
  EXPECT_EQ(verdict.right.front().storage, 4);
  EXPECT_GE(corpora::parse_case(verdict.right_case, "both sides").storages[0].elements, 100'000);
}

TEST(ThreadsOracle, OrderOfWritesToEqualIndicesIsNotADivergence) {
  corpora::Case c = on_small_matrix();
  c.storages[0].dtype = engine::DType::i64;
  c.storages[0].rule = corpora::FillRule::positive;
  c.storages[0].bytes.clear();
  const auto run = [](const corpora::Case& ran, auto&, const corpora::Path& path) {
    const bool distinct = ran.storages[0].rule == corpora::FillRule::iota;
    return outcome_of(distinct || path.empty() ? 1.0F : static_cast<float>(path.front().storage));
  };
  EXPECT_EQ(run_check(check_threads, c, {total}, run).judgement, Judgement::incomparable);
}

TEST(ThreadsOracle, CallThatRejectsLargerInputsIsRefused) {
  const auto run = [](const corpora::Case& c, auto&, auto&) {
    return c.storages[0].elements < 100'000 ? outcome_of(1) : outcome_of({raising("too large")});
  };
  EXPECT_EQ(run_check(check_threads, on_small_matrix(), {total}, run).judgement, Judgement::refused);
}

}  // namespace
}  // namespace oracles
