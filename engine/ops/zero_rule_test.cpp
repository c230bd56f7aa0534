// When a result is a ZeroTensor, and when computing would give different values.
#include "engine/operator_cases.h"

namespace engine::ops {

namespace {

Tensor zeros(IntSpan sizes, DType dtype = DType::f32) { return make_zero_tensor(dtype, sizes); }
Tensor numbers(const std::vector<double>& values, DType dtype = DType::f32) {
  return tensor_of(dtype, {static_cast<int64_t>(values.size())}, values);
}

TEST(ZeroRules, ProductIsZeroTensorIfThatIsExact) {
  Operators ops;
  const auto is_zero = [&](const Tensor& other) {
    const Tensor product = ops("aten::mul.Tensor", {zeros({2}), other});
    EXPECT_EQ(product.sizes(), IntSpan({2}));
    return product.is_zero();
  };
  EXPECT_TRUE(is_zero(numbers({1, 2})));
  EXPECT_TRUE(is_zero(zeros({2})));
  EXPECT_TRUE(is_zero(numbers({1, 2}, DType::i32)));
  EXPECT_FALSE(is_zero(numbers({1, HUGE_VAL})));
  EXPECT_FALSE(is_zero(numbers({1, NAN})));
  EXPECT_FALSE(is_zero(numbers({1, -1})));  // -0
  EXPECT_FALSE(is_zero(numbers({1, 2}).toggled(DispatchKey::Negative)));
  EXPECT_TRUE(std::isnan(values_of(ops("aten::mul.Tensor", {numbers({HUGE_VAL}), zeros({1})}))[0]));
  EXPECT_TRUE(ops("aten::mul.Tensor", {zeros({2}, DType::i64), numbers({-1, 3}, DType::i64)}).is_zero());
}

TEST(ZeroRules, QuotientIsZeroTensorIfTheDivisorAllows) {
  Operators ops;
  const auto quotient = [&](double by) { return ops("aten::div.Tensor", {zeros({1}), numbers({by})}); };
  EXPECT_TRUE(quotient(2).is_zero());
  EXPECT_TRUE(std::isnan(values_of(quotient(0))[0]));
  EXPECT_TRUE(std::isnan(values_of(quotient(NAN))[0]));
  EXPECT_TRUE(std::isnan(values_of(ops("aten::div.Tensor", {zeros({1}), zeros({1})}))[0]));
  EXPECT_EQ(values_of(ops("aten::div.Tensor", {numbers({-1}), zeros({1})}))[0], -HUGE_VAL);
  EXPECT_TRUE(ops("aten::div.Scalar", {zeros({1}), 2.0}).is_zero());
  EXPECT_TRUE(std::isnan(values_of(ops("aten::div.Scalar", {zeros({1}), 0}))[0]));
}

TEST(ZeroRules, NumbersAreOperands) {
  Operators ops;
  EXPECT_TRUE(ops("aten::add.Tensor", {zeros({1}), zeros({1})}, {{"alpha", 2}}).is_zero());
  const Tensor sum = ops("aten::add.Tensor", {zeros({1}), zeros({1})}, {{"alpha", HUGE_VAL}});
  EXPECT_TRUE(std::isnan(values_of(sum)[0]));
  EXPECT_FALSE(ops("aten::add.Tensor", {zeros({1}), numbers({1})}).is_zero());
}

TEST(ZeroRules, EmptyProductAndMeanAreComputed) {
  Operators ops;
  EXPECT_TRUE(ops("aten::prod", {zeros({2})}).is_zero());
  EXPECT_EQ(values_of(ops("aten::prod", {zeros({0})}))[0], 1);
  EXPECT_TRUE(std::isnan(values_of(ops("aten::mean", {zeros({0})}))[0]));
  EXPECT_TRUE(ops("aten::sum", {zeros({0})}).is_zero());
}

TEST(ZeroRules, ResultHasThePlannedGeometry) {
  Operators ops;
  const Tensor transposed = zeros({2, 3}).view({3, 2}, {1, 3}, 0);
  const Tensor result = ops("aten::abs", {transposed});
  EXPECT_TRUE(result.is_zero());
  EXPECT_EQ(result.strides(), IntSpan({1, 3}));
  EXPECT_FALSE(ops("aten::neg", {zeros({1})}).is_zero());
  EXPECT_TRUE(ops("aten::neg", {zeros({1}, DType::i32)}).is_zero());
  EXPECT_FALSE(ops("aten::abs", {zeros({1}).toggled(DispatchKey::Negative)}).is_zero());
  const std::vector<Tensor> both{zeros({1}), zeros({2})}, one{zeros({1}), numbers({1})};
  EXPECT_TRUE(ops("aten::cat", {both}).is_zero());
  EXPECT_FALSE(ops("aten::cat", {one}).is_zero());
  EXPECT_THROW(ops("aten::mm", {zeros({2, 3}), zeros({2, 3})}), Error);
}

}  // namespace

}  // namespace engine::ops
