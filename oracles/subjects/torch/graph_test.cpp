// Programs as graphs of TorchScript.
#include "oracles/subjects/torch/torch_cases.h"

namespace oracles::testing {
namespace {

constexpr const char* paths[]{"fused(0)", "fused(1)", "fused(2)"};

TEST(Graph, ReturnsTheSumAndShowsWhetherAGroupRan) {
  constexpr Reach reaches[]{Reach::none, Reach::own, Reach::fallback};
  for (int i = 0; i < 3; ++i) {
    const Outcome outcome = run(addition(), paths[i]);
    ASSERT_TRUE(outcome.returned()) << paths[i] << outcome.last().message;
    EXPECT_EQ(floats_of(outcome), (std::vector<float>{0, 11, 22, 33, 44, 55}));
    EXPECT_TRUE(outcome.last().changes.empty());
    EXPECT_EQ(outcome.state.before, outcome.state.after);
    EXPECT_EQ(outcome.reach, reaches[i]) << paths[i];
  }
}

TEST(Graph, OperatorThatCannotBeFusedRunsWithoutAGroup) {
  const auto c = CaseMaker().floats({3}, {1, 2, 3}).call("aten::cumsum", {input(0), integer(0), none()});
  const Outcome outcome = run(c, "fused(1)");
  ASSERT_TRUE(outcome.returned()) << outcome.last().message;
  EXPECT_EQ(floats_of(outcome), (std::vector<float>{1, 3, 6}));
  EXPECT_EQ(outcome.reach, Reach::none);
}

TEST(Graph, ChangesAndEarlierResultsAreThoseAtTheEnd) {
  const auto c = CaseMaker()
                     .floats({2, 2}, {1, 2, 3, 4})
                     .call("aten::t", {input(0)})
                     .call("aten::mul_.Scalar", {Value::of_result(0, 0), integer(2)});
  for (const char* path : paths) {
    const Outcome outcome = run(c, path);
    ASSERT_TRUE(outcome.returned()) << path << outcome.last().message;
    ASSERT_EQ(outcome.calls.size(), 2u);
    EXPECT_EQ(outcome.calls[0].results[0].tensor.storage, 0);
    EXPECT_EQ(values_of<float>(outcome.calls[0].results[0].tensor), (std::vector<float>{2, 6, 4, 8})) << path;
    EXPECT_TRUE(outcome.calls[0].changes.empty());
    ASSERT_EQ(outcome.last().changes.size(), 1u);
    EXPECT_EQ(values_of<float>(outcome.last().changes[0].after), (std::vector<float>{2, 4, 6, 8})) << path;
  }
}

TEST(Graph, TensorOfAListIsPassedOn) {
  const auto c = CaseMaker()
                     .floats({4}, {1, 2, 3, 4})
                     .call("aten::split.Tensor", {input(0), integer(2), integer(0)})
                     .call("aten::cat", {Value::of_list({Value::of_result(0, 1), input(0)}), integer(0)});
  for (const char* path : paths) {
    const Outcome outcome = run(c, path);
    ASSERT_TRUE(outcome.returned()) << path << outcome.last().message;
    EXPECT_EQ(floats_of(outcome), (std::vector<float>{3, 4, 1, 2, 3, 4})) << path;
  }
}

// In a graph nothing else refers to an alias, so its result is not observed.
TEST(Graph, AliasIsNotObserved) {
  const auto c = CaseMaker()
                     .floats({2}, {1, 2})
                     .call("aten::alias", {input(0)})
                     .call("aten::neg", {Value::of_result(0, 0)});
  for (const char* path : paths) {
    const Outcome outcome = run(c, path);
    ASSERT_TRUE(outcome.returned()) << path << outcome.last().message;
    EXPECT_TRUE(outcome.calls[0].results.empty());
    EXPECT_EQ(floats_of(outcome), (std::vector<float>{-1, -2})) << path;
  }
}

TEST(Graph, ErrorNamesTheCallThatRaises) {
  const auto c = CaseMaker()
                     .floats({2, 2}, {1, 2, 3, 4})
                     .call("aten::t", {input(0)})
                     .call("aten::cumsum", {Value::of_result(0, 0), integer(7), none()})
                     .call("aten::t", {input(0)});
  for (const char* path : paths) {
    const Outcome outcome = run(c, path);
    ASSERT_EQ(outcome.calls.size(), 2u) << path;
    EXPECT_EQ(outcome.last().status, Status::raised);
    EXPECT_EQ(outcome.last().error_class, "IndexError") << path;
  }
}

}  // namespace
}  // namespace oracles::testing
