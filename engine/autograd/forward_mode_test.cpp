// Forward mode: tangents of results, of views and of written tensors, and derivatives of higher order.
#include "engine/autograd/forward_mode.h"

#include <cmath>

#include "engine/autograd/backward.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/core/error.h"
#include "engine/operator_cases.h"

namespace engine::autograd {

namespace {

using ops::Operators;
using ops::tensor_of;
using ops::values_of;
using Numbers = std::vector<double>;

Tensor row(const Numbers& values) {
  return tensor_of(DType::f64, {static_cast<int64_t>(values.size())}, values);
}

struct Level : DualLevel {
  explicit Level(Operators& given) : ops(given) {}
  Tensor dual(const Tensor& primal, const Tensor& tangent) const { return make_dual(primal, tangent, id()); }
  Tensor tangent(const Tensor& tensor) const { return tangent_of(ops.dispatcher(), tensor, id()); }
  Numbers numbers(const Tensor& tensor) const { return values_of(tangent(tensor)); }
  Operators& ops;
};

TEST(ForwardMode, ProductRule) {
  Operators ops;
  const Level level(ops);
  const Tensor a = level.dual(row({3, 4}), row({1, 10})), b = level.dual(row({5, 6}), row({100, 1000}));
  const Tensor product = ops("aten::mul.Tensor", {a, b});
  EXPECT_EQ(values_of(product), (Numbers{15, 24}));
  EXPECT_EQ(level.numbers(product), (Numbers{5 + 300, 60 + 4000}));
  EXPECT_EQ(level.numbers(ops("aten::mul.Tensor", {a, row({5, 6})})), (Numbers{5, 60}));
}

TEST(ForwardMode, MapsThatAreNotDiagonalAreTransposed) {
  Operators ops;
  const Level level(ops);
  const Tensor matrix = tensor_of(DType::f64, {2, 2}, {1, 2, 3, 4});
  const Tensor v = level.dual(row({1, 1}), row({10, 100}));
  EXPECT_EQ(level.numbers(ops("aten::mv", {matrix, v})), (Numbers{210, 430}));
  EXPECT_EQ(level.numbers(ops("aten::mul.Tensor", {matrix, v})), (Numbers{10, 200, 30, 400}));
  EXPECT_EQ(level.numbers(ops("aten::sum", {v})), (Numbers{110}));
  const Stack largest = ops.all("aten::max.dim", {level.dual(matrix, matrix), 1});
  EXPECT_EQ(level.numbers(largest[0].tensor()), (Numbers{2, 4}));
  EXPECT_FALSE(level.tangent(largest[1].tensor()).defined());
}

TEST(ForwardMode, TangentOfAViewIsAViewOfTheTangent) {
  Operators ops;
  const Level level(ops);
  const Tensor base = level.dual(row({1, 2, 3}), row({10, 20, 30}));
  const Tensor view = ops("aten::slice.Tensor", {base, 0, 1, 3, 1});
  EXPECT_EQ(level.numbers(view), (Numbers{20, 30}));
  EXPECT_TRUE(level.tangent(view).shares_storage(level.tangent(base)));
  ops("aten::mul_.Scalar", {view, 2});
  EXPECT_EQ(level.numbers(base), (Numbers{10, 40, 60}));
  EXPECT_EQ(level.numbers(view), (Numbers{40, 60}));
}

TEST(ForwardMode, WriteOfADualTensorIntoAPlainViewGivesTheBaseATangent) {
  Operators ops;
  const Level level(ops);
  const Tensor base = row({1, 2, 3}), other = ops("aten::select.int", {base, 0, 2});
  const Tensor part = ops("aten::slice.Tensor", {base, 0, 1, 3, 1});
  ops("aten::mul_.Tensor", {part, level.dual(row({5, 6}), row({1, 1}))});
  EXPECT_EQ(level.numbers(base), (Numbers{0, 2, 3}));
  EXPECT_EQ(level.numbers(other), (Numbers{3}));
}

TEST(ForwardMode, TransposeInPlaceTransposesTheTangent) {
  Operators ops;
  const Level level(ops);
  const Tensor m = level.dual(tensor_of(DType::f64, {1, 2}, {1, 2}), tensor_of(DType::f64, {1, 2}, {3, 4}));
  ops("aten::t_", {m});
  EXPECT_EQ(level.tangent(m).sizes(), m.sizes());
  EXPECT_EQ(level.numbers(m), (Numbers{3, 4}));
}

TEST(ForwardMode, ResultThatDoesNotDependOnTheDirectionHasAZeroTensor) {
  Operators ops;
  const Level level(ops);
  const uint64_t before = materialized_tangents();
  const Tensor a = level.dual(row({1.5, 2}), row({1, 1}));
  const Tensor overwritten = ops("aten::fill.Scalar", {a, 3});
  const Tensor zero = level.dual(row({1, 2}), make_zero_tensor(DType::f64, {2}));
  const Tensor through = ops("aten::exp", {ops("aten::slice.Tensor", {zero, 0, 0, 1, 1})});
  EXPECT_TRUE(level.tangent(through).is_zero());
  EXPECT_EQ(materialized_tangents(), before);
  EXPECT_EQ(level.tangent(overwritten).sizes(), a.sizes());
  const Tensor part = ops("aten::slice.Tensor", {zero, 0, 0, 1, 1});
  ops("aten::mul_.Tensor", {part, level.dual(row({2}), row({1}))});
  EXPECT_EQ(level.numbers(zero), (Numbers{1, 0}));
  EXPECT_EQ(materialized_tangents(), before + 1);
}

TEST(ForwardMode, ConstantsHaveNoTangent) {
  Operators ops;
  const Level level(ops);
  const Tensor a = level.dual(row({1}), row({1}));
  EXPECT_FALSE(level.tangent(ops("aten::detach", {a})).defined());
  EXPECT_FALSE(level.tangent(ops("aten::gt.Scalar", {a, 0})).defined());
  EXPECT_FALSE(level.tangent(ops("aten::exp", {row({1})})).defined());
}

TEST(ForwardMode, TangentEndsWithItsLevel) {
  Operators ops;
  Tensor a;
  uint64_t id = 0;
  {
    const Level level(ops);
    a = level.dual(row({1}), row({1}));
    id = level.id();
  }
  const Level later(ops);
  EXPECT_FALSE(later.tangent(ops("aten::exp", {a})).defined());
  EXPECT_NE(later.id(), id);
}

TEST(ForwardMode, NestedLevelsGiveSecondDerivatives) {
  Operators ops;
  const Level outer(ops);
  const Tensor x = outer.dual(row({2}), row({1}));
  const Level inner(ops);
  const Tensor both = inner.dual(x, row({1}));
  const Tensor cube = ops("aten::mul.Tensor", {both, ops("aten::mul.Tensor", {both, both})});
  const Tensor slope = inner.tangent(cube);
  EXPECT_EQ(values_of(slope), (Numbers{12}));
  EXPECT_EQ(outer.numbers(slope), (Numbers{12})) << "6 x";
  EXPECT_EQ(outer.numbers(cube), (Numbers{12}));
}

TEST(ForwardMode, ForwardOverReverse) {
  Operators ops;
  const Level level(ops);
  const Tensor x = row({2, 3});
  require_grad(x);
  const Tensor dual = level.dual(x, row({1, 10}));
  const Tensor y = ops("aten::mul.Tensor", {dual, ops("aten::mul.Tensor", {dual, dual})});
  const Seed seed{edge_of(y), ops("aten::ones_like", {y})};
  const Tensor first = grad(ops.dispatcher(), {&seed, 1}, {&dual, 1}, {.create_graph = true}).front();
  EXPECT_EQ(values_of(first), (Numbers{12, 27}));
  EXPECT_EQ(level.numbers(first), (Numbers{12, 180})) << "6 x along the direction";
}

TEST(ForwardMode, ReverseOverForward) {
  Operators ops;
  const Level level(ops);
  const Tensor x = row({2, 3});
  require_grad(x);
  const Tensor dual = level.dual(x, row({1, 10}));
  for (const bool transposed : {false, true}) {
    const Tensor square = ops("aten::mul.Tensor", {dual, dual});
    const Tensor y = transposed ? ops("aten::dot", {square, dual}) : ops("aten::mul.Tensor", {square, dual});
    const Tensor slope = level.tangent(y);
    const Seed seed{edge_of(slope), ops("aten::ones_like", {slope})};
    const Tensor second = grad(ops.dispatcher(), {&seed, 1}, {&x, 1}).front();
    EXPECT_EQ(values_of(second), (Numbers{12, 180}));
  }
}

TEST(ForwardMode, ComplexTangentFollowsTheRealAndImaginaryParts) {
  Operators ops;
  const Level level(ops);
  const auto complex = [](double re, double im) {
    const Tensor made = make_tensor(DType::c128, {});
    made.data<double>()[0] = re;
    made.data<double>()[1] = im;
    return made;
  };
  const Tensor z = level.dual(complex(3, 4), complex(1, 2));
  const Tensor size = level.tangent(ops("aten::abs", {z}));
  EXPECT_DOUBLE_EQ(size.data<double>()[0], (3 * 1 + 4 * 2) / 5.0);
  const Tensor square = level.tangent(ops("aten::mul.Tensor", {z, z}));  // 2 z t
  EXPECT_DOUBLE_EQ(square.data<double>()[0], 2 * (3 - 8));
  EXPECT_DOUBLE_EQ(square.data<double>()[1], 2 * (6 + 4));
}

TEST(ForwardMode, INV_60_OperatorWithoutADerivativeRefusesADualArgumentBeforeItRuns) {
  Operators ops;
  bool ran = false;
  const Registration defined = ops.dispatcher().define("mine::twice(Tensor self) -> Tensor");
  const Registration there =
      ops.dispatcher().implement("mine::twice", DispatchKey::CPU, kernel_of([&](const Tensor& self) {
                                   ran = true;
                                   return self;
                                 }));
  const Level level(ops);
  try {
    ops("mine::twice", {level.dual(row({1}), row({1}))});
    FAIL() << "it has no derivative";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_implemented);
    EXPECT_NE(std::string(error.what()).find("mine::twice"), std::string::npos);
  }
  EXPECT_FALSE(ran);
}

TEST(ForwardMode, OutFormsAndWrongTangentsAreRefused) {
  Operators ops;
  const Level level(ops);
  const Tensor a = level.dual(row({1}), row({1}));
  EXPECT_THROW(ops("aten::exp.out", {a}, {{"out", row({0})}}), Error);
  EXPECT_THROW(level.dual(row({1}), row({1, 2})), Error);
  EXPECT_THROW(level.dual(row({1}), tensor_of(DType::f32, {1}, {1})), Error);
}

}  // namespace

}  // namespace engine::autograd
