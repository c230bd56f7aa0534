// Runs along the layer `grad`. The cotangents are those of cotangents.h.
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/derivative.h"
#include "oracles/subjects/torch/torch_cases.h"

namespace oracles::testing {
namespace {

std::vector<double> gradient_of(const Outcome& outcome, size_t storage) {
  return numbers_of(outcome.backward.value().gradients.at(storage));
}

TEST(TorchGradients, ProductPassesTheOtherOperand) {
  const Outcome outcome = run(CaseMaker()
                                  .floats({3}, {1, 2, 3})
                                  .floats({3}, {4, 5, 6})
                                  .call("aten::mul.Tensor", {input(0), input(1)}),
                              "grad");
  ASSERT_EQ(outcome.backward.value().status, Status::returned) << outcome.backward->message;
  EXPECT_TRUE(first_tensor(outcome).requires_grad);
  const std::vector<double> w = cotangent(0, 0, 3);
  EXPECT_EQ(gradient_of(outcome, 0), (std::vector<double>{w[0] * 4, w[1] * 5, w[2] * 6}));
  EXPECT_EQ(gradient_of(outcome, 1), (std::vector<double>{w[0] * 1, w[1] * 2, w[2] * 3}));
}

TEST(TorchGradients, ViewsOfOneStorageAddUp) {
  const Outcome outcome =
      run(CaseMaker().floats({2}, {1, 2}).view(0, {2}, {0}, 1).call("aten::mul.Tensor", {input(0), input(1)}),
          "grad");
  const std::vector<double> w = cotangent(0, 0, 2);
  EXPECT_EQ(gradient_of(outcome, 0), (std::vector<double>{w[0] * 2, w[1] * 2 + w[0] * 1 + w[1] * 2}));
}

TEST(TorchGradients, ResultsOfEachCallHaveACotangentAndInputsMayBeWritten) {
  const Outcome outcome = run(CaseMaker()
                                  .floats({1}, {3})
                                  .call("aten::mul_.Scalar", {input(0), integer(2)})
                                  .call("aten::mul_.Scalar", {input(0), integer(5)}),
                              "grad");
  ASSERT_TRUE(outcome.backward);
  EXPECT_EQ(gradient_of(outcome, 0)[0], cotangent(0, 0, 1)[0] * 2 + cotangent(1, 0, 1)[0] * 10);
}

TEST(TorchGradients, ConstantsRequireNoGradAndLeavesAreNotWritten) {
  const auto product =
      CaseMaker().floats({1}, {3}).floats({1}, {4}).call("aten::mul.Tensor", {input(0), input(1)});
  const Outcome constant = run(product, "grad+constant(1)");
  EXPECT_TRUE(constant.backward.value().gradients.at(0).defined);
  EXPECT_FALSE(constant.backward->gradients.at(1).defined);
  EXPECT_EQ(gradient_of(run(product, "grad+leaf(0)"), 0), gradient_of(run(product, "grad"), 0));
  const auto written = CaseMaker().floats({1}, {3}).call("aten::zero_", {input(0)});
  EXPECT_EQ(run(written, "grad+leaf(0)").last().status, Status::raised);
}

TEST(TorchGradients, LazyBitsDoNotChangeTheGradient) {
  const auto c = CaseMaker()
                     .input<float>(engine::DType::c64, {2}, {1, 2, 3, -4})
                     .call("aten::mul.Tensor", {input(0), input(0)});
  for (const char* path : {"conj(0)+grad", "neg(0)+grad"})
    EXPECT_EQ(gradient_of(run(c, path), 0), gradient_of(run(c, "grad"), 0)) << path;
}

// dual(n): n below 4 is the direction; from 8 on each bit holds a storage.
TEST(TorchGradients, DualTensorsPassTangentsOn) {
  const auto product =
      CaseMaker().floats({2}, {1, 2}).floats({2}, {4, 5}).call("aten::mul.Tensor", {input(0), input(1)});
  const std::vector<double> u = direction_in(1, 0, 2), v = direction_in(1, 1, 2);
  const auto tangent = [&](const char* path) {
    return numbers_of(run(product, path).backward.value().gradients.at(0));
  };
  EXPECT_EQ(tangent("dual(1)"), (std::vector<double>{u[0] * 4 + v[0], u[1] * 5 + v[1] * 2}));
  EXPECT_EQ(tangent("dual(9)"), (std::vector<double>{v[0], v[1] * 2}));
  EXPECT_EQ(floats_of(run(product, "dual(1)")), floats_of(run(product)));
  const auto index =
      CaseMaker().floats({2}, {1, 2}).call("aten::argmax", {input(0), none(), Value::of_boolean(false)});
  EXPECT_FALSE(run(index, "dual(0)").backward.value().gradients.at(0).defined);
}

TEST(TorchGradients, AWrittenSavedTensorIsNoticedBeforeTheBackwardPass) {
  const auto square = CaseMaker().floats({2}, {1, 2}).call("aten::mul.Tensor", {input(0), input(0)});
  EXPECT_EQ(run(square, "grad+overwritten(0)").backward.value().status, Status::raised);  // the input
  const Outcome written = run(square, "grad+overwritten(1)");                             // the result
  ASSERT_EQ(written.backward.value().status, Status::returned) << written.backward->message;
  EXPECT_EQ(gradient_of(written, 0), gradient_of(run(square, "grad"), 0));
}

TEST(TorchGradients, SharedInputsThatMayBeWrittenAreRefused) {
  const auto c = CaseMaker().floats({1}, {3}).view(0, {1}, {1}, 0).call("aten::zero_", {input(0)});
  EXPECT_NE(torch().refuses(c, corpora::parse_path("grad")), "");
  EXPECT_EQ(torch().refuses(c, {}), "");
}

}  // namespace
}  // namespace oracles::testing
