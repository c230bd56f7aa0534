// Functionalised programs.
#include "oracles/subjects/torch/torch_cases.h"

namespace oracles::testing {
namespace {

constexpr const char* paths[]{"functional(0)", "functional(1)"};

TEST(Functional, ReturnsTheSum) {
  for (const char* path : paths) {
    const Outcome outcome = run(addition(), path);
    ASSERT_TRUE(outcome.returned()) << path << outcome.last().message;
    EXPECT_EQ(floats_of(outcome), (std::vector<float>{0, 11, 22, 33, 44, 55}));
    EXPECT_EQ(first_tensor(outcome).storage, 2);
    EXPECT_TRUE(outcome.last().changes.empty());
    EXPECT_EQ(outcome.state.before, outcome.state.after);
    EXPECT_NE(outcome.reach, Reach::none);
  }
}

TEST(Functional, WriteReachesEveryViewOfTheStorage) {
  const auto c = CaseMaker()
                     .floats({4}, {1, 2, 3, 4})
                     .view(0, {2}, {1}, 2)
                     .call("aten::add_.Scalar", {input(1), integer(10), integer(1)});
  for (const char* path : paths) {
    const Outcome outcome = run(c, path);
    ASSERT_TRUE(outcome.returned()) << path << outcome.last().message;
    ASSERT_EQ(outcome.last().changes.size(), 2u) << path;
    const InputChange& whole = outcome.last().changes[0];
    EXPECT_TRUE(whole.values_changed);
    EXPECT_EQ(values_of<float>(whole.after), (std::vector<float>{1, 2, 13, 14})) << path;
    EXPECT_EQ(first_tensor(outcome).same_as_input, 1);
    EXPECT_EQ(outcome.last().changed_storages, (std::vector<int32_t>{0}));
  }
}

TEST(Functional, ViewOfAnInputHasItsStorage) {
  const auto c = CaseMaker().floats({2, 3}, {0, 1, 2, 3, 4, 5}).call("aten::t", {input(0)});
  for (const char* path : paths) {
    const Outcome outcome = run(c, path);
    ASSERT_TRUE(outcome.returned()) << path << outcome.last().message;
    EXPECT_EQ(first_tensor(outcome).storage, 0) << path;
    EXPECT_EQ(floats_of(outcome), (std::vector<float>{0, 3, 1, 4, 2, 5})) << path;
  }
}

TEST(Functional, WriteOfAViewByALaterCallReachesTheInput) {
  const auto c = CaseMaker()
                     .floats({2, 2}, {1, 2, 3, 4})
                     .call("aten::t", {input(0)})
                     .call("aten::mul_.Scalar", {Value::of_result(0, 0), integer(2)});
  for (const char* path : paths) {
    const Outcome outcome = run(c, path);
    ASSERT_TRUE(outcome.returned()) << path << outcome.last().message;
    ASSERT_EQ(outcome.last().changes.size(), 1u) << path;
    EXPECT_EQ(values_of<float>(outcome.last().changes[0].after), (std::vector<float>{2, 4, 6, 8}));
  }
}

}  // namespace
}  // namespace oracles::testing
