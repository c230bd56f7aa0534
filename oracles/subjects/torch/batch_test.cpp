// Programs that run once for a batch.
#include <fmt/format.h>

#include "oracles/subjects/torch/torch_cases.h"
#include "oracles/trial/batching.h"

namespace oracles::testing {
namespace {

TEST(Batch, EveryExampleAndPositionReturnsTheSum) {
  for (int number = 0; number < static_cast<int>(Batching::numbers); number += 7)
    for (const char* storages :
         {"batched(0)", "batched(0)+batched(1)", "batched(0)+nested(1)", "batched(0)+nested(0)+nested(1)"}) {
      const std::string path = fmt::format("{}+batching({})", storages, number);
      const Outcome outcome = run(addition(), path.c_str());
      ASSERT_TRUE(outcome.returned()) << path << outcome.last().message;
      EXPECT_EQ(floats_of(outcome), (std::vector<float>{0, 11, 22, 33, 44, 55})) << path;
      EXPECT_EQ(outcome.state.before, outcome.state.after) << path;
      EXPECT_EQ(outcome.reach, Reach::own);
    }
}

TEST(Batch, WriteChangesTheInput) {
  const auto c =
      CaseMaker().floats({2, 2}, {1, 2, 3, 4}).call("aten::add_.Scalar", {input(0), integer(10), integer(1)});
  for (const char* path : {"batched(0)+batching(0)", "batched(0)+batching(581)", "batched(0)+batching(69)"}) {
    const Outcome outcome = run(c, path);
    ASSERT_TRUE(outcome.returned()) << path << outcome.last().message;
    ASSERT_EQ(outcome.last().changes.size(), 1u) << path;
    EXPECT_EQ(values_of<float>(outcome.last().changes[0].after), (std::vector<float>{11, 12, 13, 14}))
        << path;
  }
}

TEST(Batch, WhatVmapDocumentsAsUnsupportedIsAGap) {
  const auto one_hot = [](int64_t classes) {
    const auto c = CaseMaker()
                       .input<int64_t>(engine::DType::i64, {2}, {0, 1})
                       .call("aten::one_hot", {input(0), integer(classes)});
    return run(c, "batched(0)+batching(0)").last().status;
  };
  EXPECT_EQ(one_hot(-1), Status::not_implemented);
  EXPECT_EQ(one_hot(2), Status::returned);
}

TEST(Batch, ErrorLeavesTheThreadAsItWas) {
  const auto c = CaseMaker()
                     .floats({2, 3}, {1, 2, 3, 4, 5, 6})
                     .floats({2, 3}, {1, 2, 3, 4, 5, 6})
                     .call("aten::mm", {input(0), input(1)});
  const Outcome outcome = run(c, "batched(0)+nested(1)+batching(0)");
  EXPECT_EQ(outcome.last().status, Status::raised);
  EXPECT_EQ(outcome.state.before, outcome.state.after);
  EXPECT_EQ(floats_of(run(addition(), "batched(0)+batching(0)")),
            (std::vector<float>{0, 11, 22, 33, 44, 55}));
}

}  // namespace
}  // namespace oracles::testing
