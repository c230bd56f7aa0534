// Elementary functions, real and complex: exp log sqrt sin tanh ... Integers are computed in the default
// dtype.
#include "engine/kernels/functors/elementary.h"

#include <cmath>

#include "engine/ops/unary.h"

namespace engine::ops {

namespace {

using namespace functors;

// The manual counts from the rounded result: half a unit more from the exact one. Complex ones are computed
// by two real functions and a product, or three.
const Accuracy c_library = accuracy::elementary(1.5, "glibc's manual, Errors in Math Functions", 4);

// grad * conj(slope)
Tensor chain(Backward& at, const Tensor& slope) { return at.ops.mul(at.grad(), at.ops.conj(slope)); }
// x * factor + term
Tensor line(Backward& at, const Tensor& x, double factor, double term) {
  return at.ops("aten::add.Scalar", {at.ops.mul(x, Scalar(factor)), Scalar(term)});
}

const Family operators{{
    unary("exp", pointwise_kernel<Exp, 1, floating_dtypes>(),
          {.derivative = saving<0, 0b1>([](Backward& at) { return chain(at, at.result()); }),
           .accuracy = c_library}),
    unary("expm1", pointwise_kernel<Expm1, 1, real_dtypes>(),
          {.derivative = saving<0, 0b1>([](Backward& at) { return chain(at, line(at, at.result(), 1, 1)); }),
           .zero = keeps_zero,
           .accuracy = c_library}),
    unary("log", pointwise_kernel<Log, 1, floating_dtypes>(),
          {.derivative =
               saving<0b1>([](Backward& at) { return at.ops.div(at.grad(), at.ops.conj(at.argument(0))); }),
           .accuracy = c_library}),
    unary("log1p", pointwise_kernel<Log1p, 1, real_dtypes>(),
          {.derivative = saving<0b1>(
               [](Backward& at) { return at.ops.div(at.grad(), line(at, at.argument(0), 1, 1)); }),
           .zero = keeps_zero,
           .accuracy = c_library}),
    unary("sqrt", pointwise_kernel<Sqrt, 1, floating_dtypes>(),
          {.derivative = saving<0, 0b1>([](Backward& at) {
             return at.ops.div(at.grad(), at.ops.mul(at.ops.conj(at.result()), Scalar(2)));
           }),
           .zero = keeps_zero,
           .accuracy = accuracy::rounded_parts(4)}),
    unary("rsqrt", pointwise_kernel<Rsqrt, 1, floating_dtypes>(),
          {.derivative = saving<0, 0b1>([](Backward& at) {
             const Tensor& y = at.result();
             return chain(at, at.ops.mul(at.ops.mul(y, at.ops.mul(y, y)), Scalar(-0.5)));
           }),
           .accuracy = accuracy::elementary(1.5, "two correctly rounded operations", 12)}),
    unary("reciprocal", pointwise_kernel<Reciprocal, 1, floating_dtypes>(),
          {.derivative = saving<0, 0b1>(
               [](Backward& at) { return chain(at, at.ops.neg(at.ops.mul(at.result(), at.result()))); }),
           .accuracy = accuracy::rounded_parts(8)}),
    unary("sin", pointwise_kernel<Sin, 1, floating_dtypes>(),
          {.derivative =
               saving<0b1>([](Backward& at) { return chain(at, at.ops("aten::cos", {at.argument(0)})); }),
           .zero = keeps_zero,
           .accuracy = c_library}),
    unary("cos", pointwise_kernel<Cos, 1, floating_dtypes>(),
          {.derivative = saving<0b1>(
               [](Backward& at) { return chain(at, at.ops.neg(at.ops("aten::sin", {at.argument(0)}))); }),
           .accuracy = c_library}),
    unary("atan", pointwise_kernel<Atan, 1, real_dtypes>(),
          {.derivative = saving<0b1>([](Backward& at) {
             const Tensor square = at.ops.mul(at.argument(0), at.argument(0));
             return at.ops.div(at.grad(), line(at, square, 1, 1));
           }),
           .zero = keeps_zero,
           .accuracy = c_library}),
    unary("tanh", pointwise_kernel<Tanh, 1, real_dtypes>(),
          {.derivative = saving<0, 0b1>(
               [](Backward& at) { return chain(at, line(at, at.ops.mul(at.result(), at.result()), -1, 1)); }),
           .zero = keeps_zero,
           .accuracy = accuracy::elementary(2.5, "glibc's manual, Errors in Math Functions")}),
    unary("sigmoid", pointwise_kernel<Sigmoid, 1, real_dtypes>(),
          {.derivative = saving<0, 0b1>(
               [](Backward& at) { return chain(at, at.ops.mul(at.result(), line(at, at.result(), -1, 1))); }),
           .accuracy = accuracy::elementary(2.5, "exp, a sum and a division")}),
    unary("erf", pointwise_kernel<Erf, 1, real_dtypes>(),
          {.derivative = saving<0b1>([](Backward& at) {
             const Tensor square = at.ops.mul(at.argument(0), at.argument(0));
             const Tensor bell = at.ops("aten::exp", {at.ops.neg(square)});
             return chain(at, at.ops.mul(bell, Scalar(M_2_SQRTPI)));
           }),
           .zero = keeps_zero,
           .accuracy = c_library}),
}};

}  // namespace

}  // namespace engine::ops
