// How the layers of a path change a run.
#include <cmath>

#include "oracles/subjects/torch/torch_cases.h"

namespace oracles::testing {
namespace {

using ::testing::Test;

TEST(TorchPaths, DirectReturnsTheSum) {
  const Outcome outcome = run(addition());
  ASSERT_TRUE(outcome.returned());
  EXPECT_EQ(floats_of(outcome), (std::vector<float>{0, 11, 22, 33, 44, 55}));
  const TensorSnapshot sum = first_tensor(outcome);
  EXPECT_EQ(sum.sizes, (engine::Dims{2, 3}));
  EXPECT_EQ(sum.strides, (engine::Dims{3, 1}));
  EXPECT_EQ(sum.storage, 2);  // the first that the case does not own
  EXPECT_EQ(sum.same_as_input, -1);
  EXPECT_EQ(outcome.reach, Reach::none);
  EXPECT_TRUE(outcome.last().changes.empty());
  EXPECT_FALSE(outcome.last().guard_damaged);
}

TEST(TorchPaths, LazyBitsAgreeWithDirect) {
  for (const char* path :
       {"neg(0)", "neg(1)", "neg(0)+neg(1)", "typed", "contiguous", "pattern", "neg(0)+typed"}) {
    const Outcome outcome = run(addition(), path);
    ASSERT_TRUE(outcome.returned()) << path;
    EXPECT_EQ(floats_of(outcome), (std::vector<float>{0, 11, 22, 33, 44, 55})) << path;
  }
  EXPECT_EQ(run(addition(), "neg(1)").reach, Reach::fallback);
}

TEST(TorchPaths, ConjugatedStorageHoldsTheConjugate) {
  const auto c = CaseMaker()
                     .input<float>(engine::DType::c64, {2}, {1, 2, 3, -4})
                     .call("aten::mul.Scalar", {input(0), Value::of_complex(0, 1)});
  EXPECT_EQ(floats_of(run(c)), (std::vector<float>{-2, 1, 4, 3}));
  for (const char* path : {"conj(0)", "conj(0)+neg(0)"})
    EXPECT_EQ(floats_of(run(c, path)), floats_of(run(c))) << path;
}

TEST(TorchPaths, ZeroTensorsAndZerosAreZero) {
  EXPECT_EQ(floats_of(run(addition(), "zeros(0)")), (std::vector<float>{0, 10, 20, 30, 40, 50}));
  const Outcome transformed = run(addition(), "zero(0)");
  EXPECT_EQ(floats_of(transformed), (std::vector<float>{0, 10, 20, 30, 40, 50}));
  EXPECT_EQ(transformed.reach, Reach::own);
}

TEST(TorchPaths, ZeroTensorsKeepTheirGeometry) {
  const auto c =
      CaseMaker().floats({6}, {0, 1, 2, 3, 4, 5}).view(0, {2, 2}, {1, 3}, 1).call("aten::alias", {input(1)});
  const TensorSnapshot shot = first_tensor(run(c, "zero(0)"));
  EXPECT_TRUE(shot.zero);
  EXPECT_EQ(shot.sizes, (engine::Dims{2, 2}));
  EXPECT_EQ(shot.strides, (engine::Dims{1, 3}));
  EXPECT_EQ(shot.offset, 1);
  EXPECT_EQ(shot.storage, 0);
  EXPECT_EQ(values_of<float>(shot), (std::vector<float>{0, 0, 0, 0}));
}

TEST(TorchPaths, MetaHasShapesAndNoValues) {
  const Outcome outcome = run(addition(), "meta");
  ASSERT_TRUE(outcome.returned());
  const TensorSnapshot shot = first_tensor(outcome);
  EXPECT_TRUE(shot.meta);
  EXPECT_EQ(shot.device, "meta");
  EXPECT_FALSE(shot.has_values);
  EXPECT_EQ(shot.sizes, (engine::Dims{2, 3}));
}

TEST(TorchPaths, FactoryOnMetaGetsTheMetaDevice) {
  const auto c = CaseMaker().call("aten::zeros", {integers({2}), none(), none(), none(), none()});
  EXPECT_TRUE(first_tensor(run(c, "meta")).meta);
  EXPECT_FALSE(first_tensor(run(c)).meta);
}

TEST(TorchPaths, ContiguousCopiesLogicalValues) {
  const auto c =
      CaseMaker().floats({6}, {0, 1, 2, 3, 4, 5}).view(0, {2, 2}, {1, 3}, 1).call("aten::alias", {input(1)});
  const Outcome direct = run(c), copied = run(c, "contiguous");
  EXPECT_EQ(floats_of(direct), (std::vector<float>{1, 4, 2, 5}));
  EXPECT_EQ(floats_of(copied), (std::vector<float>{1, 4, 2, 5}));
  EXPECT_EQ(first_tensor(copied).strides, (engine::Dims{2, 1}));
  EXPECT_EQ(first_tensor(copied).offset, 0);
}

TEST(TorchPaths, ViewsOfOneStorageShareIt) {
  const auto c = CaseMaker()
                     .floats({4}, {1, 2, 3, 4})
                     .view(0, {2}, {1}, 2)
                     .call("aten::add_.Scalar", {input(0), integer(10), integer(1)});
  for (const char* path : {"direct", "neg(0)", "typed"}) {
    const Outcome outcome = run(c, path);
    ASSERT_EQ(outcome.last().changes.size(), 2u) << path;
    const InputChange& other = outcome.last().changes[1];
    EXPECT_EQ(other.input, 1);
    EXPECT_TRUE(other.values_changed);
    EXPECT_EQ(other.version_delta, 1);
    EXPECT_EQ(values_of<float>(other.after), (std::vector<float>{13, 14})) << path;
    EXPECT_EQ(first_tensor(outcome).same_as_input, 0);
    EXPECT_EQ(outcome.last().changed_storages, (std::vector<int32_t>{0}));
  }
}

TEST(TorchPaths, RefusalHasAReason) {
  const auto bools =
      CaseMaker().input<uint8_t>(engine::DType::b8, {2}, {0, 1}).call("aten::alias", {input(0)});
  const auto why = [](const corpora::Case& c, const char* path) {
    return torch().refuses(c, corpora::parse_path(path));
  };
  EXPECT_EQ(why(bools, "direct"), "");
  EXPECT_NE(why(bools, "neg(0)"), "");
  EXPECT_NE(why(bools, "conj(0)"), "");
  EXPECT_NE(why(addition(), "conj(1)"), "");
  EXPECT_NE(why(addition(), "neg(2)"), "");
  EXPECT_NE(why(CaseMaker().call("aten::no_such_operator", {}), "direct"), "");
  EXPECT_NE(why(CaseMaker().call("aten::add.Tensor", {}), "direct"), "");
}

// A bug of PyTorch: max_pool1d ignores the Negative bit, because it dispatches no other operator.
TEST(TorchPaths, MaxPoolOfANegViewBypassesTheFallback) {
  const auto c = CaseMaker()
                     .floats({1, 1, 4}, {1, 2, 3, 4})
                     .call("aten::max_pool1d", {input(0), integer(2), integers({}), integer(0), integer(1),
                                                Value::of_boolean(false)});
  const Outcome direct = run(c), transformed = run(c, "neg(0)");
  EXPECT_EQ(floats_of(direct), (std::vector<float>{2, 4}));
  EXPECT_EQ(floats_of(transformed), (std::vector<float>{-1, -3}));
  EXPECT_EQ(transformed.reach, Reach::bypassed);
}

// A bug of PyTorch: the kernel reads memory that a ZeroTensor does not have, so the result depends on the
// pattern.
TEST(TorchPaths, NanmedianOfAZeroTensorChangesWithThePattern) {
  const auto c = CaseMaker()
                     .floats({3, 5}, std::vector<float>(15, 1.0F))
                     .call("aten::nanmedian.dim", {input(0), integer(-1), Value::of_boolean(false)});
  EXPECT_EQ(floats_of(run(c, "zeros(0)")), (std::vector<float>{0, 0, 0}));
  const std::vector<std::byte> usual = first_tensor(run(c, "zero(0)")).values;
  const std::vector<std::byte> other = first_tensor(run(c, "zero(0)+pattern")).values;
  EXPECT_NE(usual, other);
}

TEST(TorchPaths, TraceShowsNestedCalls) {
  const auto c = CaseMaker().floats({4}, {1, 2, 3, 4}).call("aten::square", {input(0)});
  EXPECT_TRUE(run(c).trace.empty());
  torch().record_trace(true);
  const Outcome outcome = run(c);
  torch().record_trace(false);
  ASSERT_GE(outcome.trace.size(), 2u);
  EXPECT_EQ(outcome.trace[0].op, "aten::square");
  EXPECT_EQ(outcome.trace[0].depth, 0);
  EXPECT_EQ(outcome.trace[1].op, "aten::pow.Tensor_Scalar");
  EXPECT_EQ(outcome.trace[1].depth, 1);
  const std::vector<std::string> keys = torch().key_names(outcome.trace[1].keys);
  EXPECT_NE(std::find(keys.begin(), keys.end(), "CPU"), keys.end());
}

}  // namespace
}  // namespace oracles::testing
