#include "engine/autograd/backward.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/core/error.h"
#include "engine/dispatch/thread_keys.h"
#include "engine/operator_cases.h"

namespace engine::autograd {

namespace {

using ops::Operators;
using ops::tensor_of;
using ops::values_of;
using Numbers = std::vector<double>;

Tensor leaf_of(IntSpan sizes, const Numbers& values) {
  const Tensor leaf = tensor_of(DType::f64, sizes, values);
  require_grad(leaf);
  return leaf;
}
Numbers ones_backward(Operators& ops, const Tensor& result, const Tensor& leaf) {
  backward(ops.dispatcher(), result, ops("aten::ones_like", {result}));
  return values_of(gradient_of(leaf));
}

TEST(Autograd, GradientOfAProductIsTheOtherFactor) {
  Operators ops;
  const Tensor a = leaf_of({2}, {3, 4}), b = leaf_of({2}, {5, 6});
  const Tensor product = ops("aten::mul.Tensor", {a, b});
  EXPECT_TRUE(requires_grad(product));
  EXPECT_FALSE(is_leaf(product));
  EXPECT_EQ(ones_backward(ops, product, a), (Numbers{5, 6}));
  EXPECT_EQ(values_of(gradient_of(b)), (Numbers{3, 4}));
}

TEST(Autograd, GradientsOfAllUsesAreSummed) {
  Operators ops;
  const Tensor a = leaf_of({2}, {3, 4});
  const Tensor square = ops("aten::mul.Tensor", {a, a});
  const Tensor both = ops("aten::add.Tensor", {square, ops("aten::mul.Tensor", {square, a})});
  EXPECT_EQ(ones_backward(ops, both, a), (Numbers{2 * 3 + 3 * 9, 2 * 4 + 3 * 16}));
  EXPECT_EQ(ones_backward(ops, both, a), (Numbers{2 * 33, 2 * 56})) << "a second pass adds";
}

TEST(Autograd, BroadcastOperandGetsTheSum) {
  Operators ops;
  const Tensor a = leaf_of({2, 3}, {1, 2, 3, 4, 5, 6}), row = leaf_of({3}, {1, 1, 1});
  EXPECT_EQ(ones_backward(ops, ops("aten::mul.Tensor", {a, row}), row), (Numbers{5, 7, 9}));
}

TEST(Autograd, CompositesRecordTheOperatorsThatTheyCall) {
  Operators ops;
  const Tensor a = leaf_of({2, 2}, {1, 2, 3, 4});
  const Tensor product = ops("aten::matmul", {a, a});
  EXPECT_EQ(ones_backward(ops, product, a), (Numbers{7, 11, 9, 13}));
}

TEST(Autograd, INV_55_CallIsRecordedOnlyInGradModeAndForAnInputThatRequiresGrad) {
  Operators ops;
  const Tensor a = leaf_of({2}, {3, 4}), plain = tensor_of(DType::f64, {2}, {1, 1});
  EXPECT_FALSE(requires_grad(ops("aten::exp", {plain})));
  {
    const NoGrad off;
    EXPECT_FALSE(requires_grad(ops("aten::exp", {a})));
  }
  EXPECT_TRUE(requires_grad(ops("aten::exp", {a})));
  EXPECT_FALSE(requires_grad(ops("aten::detach", {a})));
  EXPECT_FALSE(requires_grad(ops("aten::zeros_like", {a})));
  EXPECT_FALSE(requires_grad(ops("aten::gt.Scalar", {a, 0})));
}

TEST(Autograd, ExceptionRestoresGradMode) {
  try {
    const NoGrad off;
    throw Error("out of here");
  } catch (const Error&) {
  }
  EXPECT_TRUE(GradMode::enabled());
}

TEST(Autograd, INV_58_InPlaceWriteReplacesTheHistory) {
  Operators ops;
  const Tensor a = leaf_of({2}, {3, 4}), b = leaf_of({2}, {5, 6});
  const Tensor x = ops("aten::mul.Tensor", {a, b});
  const uint32_t before = x.version();
  ops("aten::mul_.Tensor", {x, b});
  EXPECT_EQ(x.version(), before + 1);
  EXPECT_EQ(ones_backward(ops, x, a), (Numbers{25, 36}));
  EXPECT_EQ(values_of(gradient_of(b)), (Numbers{2 * 3 * 5, 2 * 4 * 6}));
}

TEST(Autograd, INV_58_WriteIntoAViewGivesTheBaseItsHistory) {
  Operators ops;
  const Tensor a = leaf_of({2, 2}, {1, 2, 3, 4}), w = leaf_of({2}, {5, 6});
  const Tensor base = ops("aten::clone", {a});
  const Tensor row = ops("aten::select.int", {base, 0, 1});
  const Tensor column = ops("aten::select.int", {base, 1, 1});
  ops("aten::mul_.Tensor", {row, w});  // base = [1 2; 3*5 4*6]
  EXPECT_EQ(values_of(base), (Numbers{1, 2, 15, 24}));
  EXPECT_EQ(ones_backward(ops, base, a), (Numbers{1, 1, 5, 6}));
  EXPECT_EQ(values_of(gradient_of(w)), (Numbers{3, 4}));
  // The other view was made before the write, and shows what was written.
  EXPECT_EQ(ones_backward(ops, column, a), (Numbers{1, 2, 5, 12}));
  EXPECT_EQ(ones_backward(ops, row, a), (Numbers{1, 2, 10, 18}));
}

TEST(Autograd, INV_58_WriteIntoAViewMakesThePlainBaseRequireGrad) {
  Operators ops;
  const Tensor base = tensor_of(DType::f64, {3}, {1, 2, 3}), w = leaf_of({2}, {5, 6});
  const Tensor part = ops("aten::slice.Tensor", {base, 0, 1, 3, 1});
  EXPECT_FALSE(requires_grad(part));
  ops("aten::mul_.Tensor", {part, w});
  EXPECT_TRUE(requires_grad(base));
  EXPECT_TRUE(requires_grad(part));
  EXPECT_EQ(ones_backward(ops, base, w), (Numbers{2, 3}));
}

TEST(Autograd, INV_59_RecordedWriteIntoAnUnrecordedViewIsRefused) {
  Operators ops;
  const Tensor base = tensor_of(DType::f64, {2}, {1, 2}), w = leaf_of({}, {5});
  Tensor part;
  {
    const NoGrad off;
    part = ops("aten::slice.Tensor", {base, 0, 0, 1, 1});
  }
  EXPECT_THROW(ops("aten::mul_.Tensor", {part, w}), Error);
  EXPECT_EQ(values_of(base), (Numbers{1, 2}));
}

TEST(Autograd, INV_61_RecordedWriteIntoALeafOrItsViewIsRefused) {
  Operators ops;
  const Tensor a = leaf_of({2}, {3, 4});
  EXPECT_THROW(ops("aten::mul_.Scalar", {a, 2}), Error);
  EXPECT_THROW(ops("aten::mul_.Scalar", {ops("aten::select.int", {a, 0, 0}), 2}), Error);
  EXPECT_THROW(ops("aten::exp.out", {a}, {{"out", tensor_of(DType::f64, {2}, {0, 0})}}), Error);
  EXPECT_EQ(values_of(a), (Numbers{3, 4}));
  EXPECT_EQ(a.version(), 0U);
  const NoGrad off;
  ops("aten::mul_.Scalar", {a, 2});
  EXPECT_EQ(values_of(a), (Numbers{6, 8}));
}

TEST(Autograd, BackwardRaisesIfASavedTensorWasWritten) {
  Operators ops;
  const Tensor a = leaf_of({2}, {3, 4});
  const Tensor x = ops("aten::clone", {a}), y = ops("aten::mul.Tensor", {x, x});
  ops("aten::mul_.Scalar", {x, 2});
  EXPECT_THROW(ones_backward(ops, y, a), Error);
}

TEST(Autograd, TensorThatTheFormulaDoesNotReadMayBeWritten) {
  Operators ops;
  const Tensor a = leaf_of({2}, {3, 4});
  const Tensor x = ops("aten::clone", {a}), y = ops("aten::sum", {x});
  ops("aten::mul_.Scalar", {x, 2});
  EXPECT_EQ(ones_backward(ops, y, a), (Numbers{1, 1}));
}

TEST(Autograd, INV_56_OperatorWithoutDerivativeRaisesWhenAGradientArrives) {
  Operators ops;
  const Registration defined = ops.dispatcher().define("mine::twice(Tensor self) -> Tensor");
  const Registration there = ops.dispatcher().implement(
      "mine::twice", DispatchKey::CPU,
      kernel_of([&ops](const Tensor& self) { return ops("aten::mul.Scalar", {self, 2}); }));
  const Tensor a = leaf_of({2}, {3, 4});
  const Tensor twice = ops("mine::twice", {a});
  EXPECT_EQ(values_of(twice), (Numbers{6, 8}));  // INV-53
  EXPECT_TRUE(requires_grad(twice));             // INV-54
  EXPECT_THROW(ones_backward(ops, twice, a), Error);
  EXPECT_FALSE(requires_grad(ops("mine::twice", {tensor_of(DType::f64, {1}, {1})})));
}

TEST(Autograd, INV_57_ReturnedArgumentKeepsItsHistory) {
  Operators ops;
  const Registration defined = ops.dispatcher().define("mine::same(Tensor self) -> Tensor");
  const Registration there = ops.dispatcher().implement("mine::same", DispatchKey::CPU,
                                                        kernel_of([](const Tensor& self) { return self; }));
  const Tensor a = leaf_of({2}, {3, 4});
  ops("mine::same", {a});
  EXPECT_TRUE(is_leaf(a));
}

TEST(Autograd, INV_63_KernelsRunBelowAutograd) {
  Operators ops;
  KeySet excluded;
  const Registration defined = ops.dispatcher().define("mine::looks(Tensor self) -> Tensor");
  const Registration there =
      ops.dispatcher().implement("mine::looks", DispatchKey::CPU, kernel_of([&](const Tensor& self) {
                                   excluded = thread_keys.excluded;
                                   return ops("aten::neg", {self});
                                 }));
  const ThreadKeys before = thread_keys;
  ops("mine::looks", {leaf_of({1}, {1})});
  EXPECT_TRUE(excluded.has_all(autograd_keys));
  EXPECT_EQ(thread_keys, before);
}

TEST(Autograd, INV_64_InferenceTensorsAreNotRecorded) {
  Operators ops;
  const Tensor plain = tensor_of(DType::f64, {2}, {3, 4});
  plain.set_keys(plain.keys() - autograd_keys.add(DispatchKey::ADInplaceOrView));
  const Tensor view = ops("aten::select.int", {plain, 0, 0});
  EXPECT_TRUE((view.keys() & autograd_keys).empty());
  EXPECT_EQ(view_of(view), nullptr);
}

TEST(Autograd, INV_65_FallthroughRecordsNothing) {
  Operators ops;
  const Registration through =
      ops.dispatcher().implement("aten::neg", DispatchKey::Autograd, Kernel::fallthrough());
  const Tensor negated = ops("aten::neg", {leaf_of({2}, {3, 4})});
  EXPECT_EQ(values_of(negated), (Numbers{-3, -4}));
  EXPECT_FALSE(requires_grad(negated));
}

TEST(Autograd, GradientOfOneResultIsEnough) {
  Operators ops;
  const Tensor a = leaf_of({2, 2}, {3, 4, 6, 5});
  const Tensor second = ops.all("aten::unbind.int", {a, 0}).back().tensors()[1];
  EXPECT_EQ(ones_backward(ops, second, a), (Numbers{0, 0, 1, 1}));
  const Stack largest = ops.all("aten::max.dim", {a, 1});
  EXPECT_EQ(ones_backward(ops, largest[0].tensor(), a), (Numbers{0, 1, 1 + 1, 1}));
}

TEST(Autograd, INV_52_GradientsPassLazyBits) {
  Operators ops;
  const Tensor a = make_tensor(DType::c128, {1});
  a.data<double>()[0] = 3;
  a.data<double>()[1] = 4;
  require_grad(a);
  const Tensor lazy = ops("aten::_conj", {a});
  const Tensor part = ops("aten::real", {ops("aten::mul.Tensor", {lazy, lazy})});
  backward(ops.dispatcher(), part, ops("aten::ones_like", {part}));
  const Tensor gradient = gradient_of(a);
  EXPECT_EQ(gradient.data<double>()[0], 6);  // of re^2 - im^2
  EXPECT_EQ(gradient.data<double>()[1], -8);
}

TEST(Autograd, INV_40_GradientOfALeafHasItsOwnMemoryAndNoLazyBits) {
  Operators ops;
  const Tensor a = leaf_of({2}, {3, 4}), b = leaf_of({2}, {5, 6});
  const Tensor given = make_zero_tensor(DType::f64, {2});
  backward(ops.dispatcher(), ops("aten::alias", {a}), given);
  EXPECT_FALSE(gradient_of(a).is_zero());
  EXPECT_EQ(values_of(gradient_of(a)), (Numbers{0, 0}));
  const Tensor ones = tensor_of(DType::f64, {2}, {1, 1});
  backward(ops.dispatcher(), ops("aten::_neg_view", {b}), ones);
  EXPECT_FALSE(gradient_of(b).is_neg());
  EXPECT_EQ(values_of(gradient_of(b)), (Numbers{-1, -1}));
  EXPECT_FALSE(gradient_of(b).shares_storage(ones));
}

TEST(Autograd, LongChainIsFreedWithoutRecursion) {
  Operators ops;
  Tensor x = leaf_of({}, {1});
  for (int i = 0; i < 200000; ++i) x = ops("aten::neg", {x});
  x = {};
}

}  // namespace

}  // namespace engine::autograd
