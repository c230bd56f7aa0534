// Graphs: gradients of any order, gradients of chosen tensors, hooks, what is kept and released.
#include <cmath>
#include <thread>

#include "engine/autograd/anomaly.h"
#include "engine/autograd/backward.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/autograd/saved_tensor_hooks.h"
#include "engine/core/error.h"
#include "engine/core/warning.h"
#include "engine/operator_cases.h"

namespace engine::autograd {

namespace {

using ops::Operators;
using ops::tensor_of;
using ops::values_of;
using Numbers = std::vector<double>;

Tensor leaf_with(const Numbers& values) {
  const Tensor leaf = tensor_of(DType::f64, {static_cast<int64_t>(values.size())}, values);
  require_grad(leaf);
  return leaf;
}

Tensor grad_of(Operators& ops, const Tensor& result, const Tensor& input, PassOptions options = {}) {
  const Seed seed{edge_of(result), ops("aten::ones_like", {result})};
  return grad(ops.dispatcher(), {&seed, 1}, {&input, 1}, options).front();
}

TEST(Graph, GradientsOfAnyOrderOfAPower) {
  Operators ops;
  const Tensor x = leaf_with({1.5, -2});
  Tensor y = ops("aten::mul.Tensor", {ops("aten::mul.Tensor", {x, x}), ops("aten::mul.Tensor", {x, x})});
  const std::vector<Numbers> expected{
      {4 * 3.375, 4 * -8}, {12 * 2.25, 12 * 4}, {24 * 1.5, 24 * -2}, {24, 24}};
  for (const Numbers& numbers : expected) {
    y = grad_of(ops, y, x, {.create_graph = true});
    EXPECT_EQ(values_of(y), numbers);
  }
}

TEST(Graph, SecondDerivativeReadsSavedResultsWithTheirHistory) {
  Operators ops;
  const Tensor x = leaf_with({0.5});
  const Tensor first = grad_of(ops, ops("aten::exp", {x}), x, {.create_graph = true});
  EXPECT_DOUBLE_EQ(values_of(grad_of(ops, first, x))[0], std::exp(0.5));
}

TEST(Graph, SecondDerivativeOfAWriteIntoAView) {
  Operators ops;
  const Tensor x = leaf_with({2, 3});
  const Tensor base = ops("aten::mul.Tensor", {x, x});
  const Tensor part = ops("aten::slice.Tensor", {base, 0, 0, 1, 1});
  ops("aten::mul_.Tensor", {part, part});  // base = [x0^4, x1^2]
  const Tensor first = grad_of(ops, base, x, {.create_graph = true});
  EXPECT_EQ(values_of(first), (Numbers{32, 6}));
  EXPECT_EQ(values_of(grad_of(ops, first, x)), (Numbers{48, 2}));
}

TEST(Graph, WithoutCreateGraphGradientsRequireNoGrad) {
  Operators ops;
  const Tensor x = leaf_with({2});
  const Tensor y = ops("aten::mul.Tensor", {x, x});
  EXPECT_FALSE(requires_grad(grad_of(ops, y, x)));
  EXPECT_TRUE(requires_grad(grad_of(ops, y, x, {.create_graph = true})));
}

TEST(Graph, GradOfChosenTensorsChangesNoLeafAndStopsThere) {
  Operators ops;
  const Tensor x = leaf_with({2}), w = leaf_with({5});
  const Tensor middle = ops("aten::mul.Tensor", {x, x});
  bool ran = false;
  edge_of(middle).node->own_hooks().after.push_back([&](Gradients&, const Gradients&) { ran = true; });
  const Tensor y = ops("aten::mul.Tensor", {middle, w});
  EXPECT_EQ(values_of(grad_of(ops, y, middle)), (Numbers{5}));
  EXPECT_FALSE(ran) << "nothing wanted lies beyond";
  EXPECT_FALSE(gradient_of(w).defined());
  EXPECT_EQ(values_of(grad_of(ops, y, x)), (Numbers{20}));
  EXPECT_TRUE(ran);
}

TEST(Graph, UnusedTensorIsRefusedUnlessAllowed) {
  Operators ops;
  const Tensor x = leaf_with({2}), other = leaf_with({3}), plain = tensor_of(DType::f64, {1}, {1});
  const Tensor y = ops("aten::exp", {x});
  EXPECT_THROW(grad_of(ops, y, other), Error);
  EXPECT_FALSE(grad_of(ops, y, other, {.allow_unused = true}).defined());
  EXPECT_THROW(grad_of(ops, y, plain, {.allow_unused = true}), Error);
}

TEST(Graph, ReleasedRecordingCannotRunAgain) {
  Operators ops;
  const Tensor x = leaf_with({2});
  const Tensor y = ops("aten::mul.Tensor", {x, x}), sum = ops("aten::add.Tensor", {x, x});
  grad_of(ops, y, x, {.retain_graph = false});
  EXPECT_THROW(grad_of(ops, y, x), Error);
  grad_of(ops, sum, x, {.retain_graph = false});
  EXPECT_EQ(values_of(grad_of(ops, sum, x)), (Numbers{2})) << "the sum saved no element";
}

TEST(Graph, HooksRunInOrderBeforeRetainingAndCapturing) {
  Operators ops;
  const Tensor x = leaf_with({2});
  const Tensor y = ops("aten::mul.Scalar", {x, 3});
  std::string order;
  add_hook(y, [&](const Tensor& gradient) {
    order += "a";
    return ops("aten::mul.Scalar", {gradient, 10});
  });
  const uint64_t second = add_hook(y, [&](const Tensor& gradient) {
    order += "b";
    return ops("aten::add.Scalar", {gradient, 1});
  });
  retain_gradient(y);
  backward(ops.dispatcher(), y, ops("aten::ones_like", {y}));
  EXPECT_EQ(order, "ab");
  EXPECT_EQ(values_of(gradient_of(y)), (Numbers{11}));
  EXPECT_EQ(values_of(gradient_of(x)), (Numbers{33}));
  EXPECT_EQ(values_of(grad_of(ops, y, y)), (Numbers{11}));
  remove_hook(y, second);
  EXPECT_EQ(values_of(grad_of(ops, y, x)), (Numbers{30}));
}

TEST(Graph, RetainedGradientIsThatOfTheValuesAfterAWrite) {
  Operators ops;
  const Tensor x = leaf_with({2}), y = ops("aten::clone", {x});
  retain_gradient(y);
  ops("aten::mul_.Scalar", {y, 5});
  backward(ops.dispatcher(), ops("aten::mul.Scalar", {y, 3}), tensor_of(DType::f64, {1}, {1}));
  EXPECT_EQ(values_of(gradient_of(y)), (Numbers{3}));
  EXPECT_EQ(values_of(gradient_of(x)), (Numbers{15}));
}

TEST(Graph, GradientOfALeafIsAddedInPlaceUnlessThePassIsRecorded) {
  Operators ops;
  const Tensor x = leaf_with({2});
  const Tensor y = ops("aten::mul.Tensor", {x, x});
  backward(ops.dispatcher(), y, ops("aten::ones_like", {y}));
  const Tensor first = gradient_of(x);
  backward(ops.dispatcher(), y, ops("aten::ones_like", {y}));
  EXPECT_TRUE(gradient_of(x).is_same(first));
  EXPECT_EQ(values_of(first), (Numbers{8}));
  backward(ops.dispatcher(), y, ops("aten::ones_like", {y}), {.create_graph = true});
  EXPECT_FALSE(gradient_of(x).is_same(first));
  EXPECT_EQ(values_of(first), (Numbers{8}));
  EXPECT_TRUE(requires_grad(gradient_of(x)));
  set_gradient(x, {});  // the leaf and its recorded gradient own each other
}

TEST(Graph, GradientOfALeafHasTheStridesOfTheLeaf) {
  Operators ops;
  const Tensor columns = tensor_of(DType::f64, {2, 3}, {1, 2, 3, 4, 5, 6}).view({3, 2}, {1, 3}, 0);
  require_grad(columns);
  const Tensor y = ops("aten::mul.Tensor", {columns, columns});
  backward(ops.dispatcher(), y, tensor_of(DType::f64, {3, 2}, {1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(gradient_of(columns).strides(), columns.strides());
  EXPECT_EQ(values_of(gradient_of(columns)), (Numbers{2, 8, 4, 10, 6, 12}));
}

TEST(Graph, GivenGradientIsNotTheMemoryOfTheLeafsGradient) {
  Operators ops;
  const Tensor x = leaf_with({2});
  const Tensor given = tensor_of(DType::f64, {1}, {1});
  backward(ops.dispatcher(), x, given);
  EXPECT_FALSE(gradient_of(x).shares_storage(given));
}

TEST(Graph, SavedTensorHooksPackAndUnpack) {
  Operators ops;
  const Tensor x = leaf_with({3});
  int packed = 0, unpacked = 0;
  Tensor y;
  {
    const SavedTensorHooks hooks(
        [&](const Tensor& tensor) {
          ++packed;
          return Value(ops("aten::mul.Scalar", {tensor, 2}));
        },
        [&](const Value& value) {
          ++unpacked;
          return ops("aten::mul.Scalar", {value, 5});
        });
    y = ops("aten::mul.Tensor", {x, x});
  }
  EXPECT_EQ(packed, 2);
  EXPECT_EQ(values_of(grad_of(ops, y, x)), (Numbers{2 * 3 * 10}));
  EXPECT_EQ(unpacked, 2);
}

TEST(Graph, AnomalyModeSaysWhereTheNodeWasRecorded) {
  Operators ops;
  const Tensor x = leaf_with({0});
  const Anomaly on(true);
  Tensor y;
  {
    const Anomaly::Scope scope("the second layer");
    y = ops("aten::mul.Scalar", {ops("aten::sqrt", {x}), 0});
  }
  try {
    grad_of(ops, y, x);
    FAIL() << "0 / 0 is NaN";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("sqrt"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("the second layer"), std::string::npos) << error.what();
  }
}

TEST(Graph, TwoThreadsMayRunBackwardsToOneLeaf) {
  Operators ops;
  const Tensor x = leaf_with({2});
  const Tensor one = ops("aten::mul.Scalar", {x, 3}), two = ops("aten::mul.Scalar", {x, 5});
  const auto run = [&](const Tensor& y) {
    for (int i = 0; i < 200; ++i) backward(ops.dispatcher(), y, tensor_of(DType::f64, {1}, {1}));
  };
  std::thread other([&] { run(one); });
  run(two);
  other.join();
  EXPECT_EQ(values_of(gradient_of(x)), (Numbers{200 * 8}));
}

TEST(Graph, LongChainRunsBackwardsWithoutRecursion) {
  Operators ops;
  const Tensor x = leaf_with({1});
  Tensor y = x;
  for (int i = 0; i < 200000; ++i) y = ops("aten::neg", {y});
  EXPECT_EQ(values_of(grad_of(ops, y, x)), (Numbers{1}));
}

TEST(Graph, HookThatThrowsLeavesTheRecordingAsItWas) {
  Operators ops;
  const Tensor x = leaf_with({2});
  const Tensor y = ops("aten::mul.Tensor", {x, x});
  const uint64_t hook = add_hook(y, [](const Tensor&) -> Tensor { throw Error("hook"); });
  EXPECT_THROW(grad_of(ops, y, x, {.create_graph = true}), Error);
  EXPECT_TRUE(GradMode::enabled());
  remove_hook(y, hook);
  EXPECT_EQ(values_of(grad_of(ops, y, x)), (Numbers{4}));
}

}  // namespace

}  // namespace engine::autograd
