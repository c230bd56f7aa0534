// Also unary operators with exact results: neg abs sign floor ...
#include "engine/ops/unary.h"

#include "engine/kernels/functors/exact.h"

namespace engine::ops {

OperatorDeclaration unary(const std::string& name, const PointwiseKernel& kernel, OperatorDeclaration rest,
                          UnaryForms forms) {
  const bool floating = (kernel.dtypes - floating_dtypes) == DTypes{};
  OperatorDeclaration made =
      pointwise_declaration({.name = name, .in_place = forms.in_place, .out = forms.out},
                            {.kernel = kernel, .floating = floating}, std::move(rest));
  if (made.domain.empty()) {
    made.domain = "self = tensor(S...) ; let dtype = int + float";
    if (made.dtypes.has(DType::b8)) made.domain += " + bool";
    if (made.dtypes.has(DType::c64)) made.domain += " + complex";
  }
  return made;
}

namespace {

using namespace functors;

// d(z/|z|) = (dz - z/|z| Re(conj(z/|z|) dz)) / |z|: only the part across the direction counts. Real: none.
Tensor direction_slope(Backward& at) {
  if (!is_complex(at.grad().dtype())) return at.ops.zeros_like(at.grad());
  const Tensor &direction = at.result(), &self = at.argument(0);
  const Tensor along = at.ops("aten::real", {at.ops.mul(at.ops.conj(direction), at.grad())});
  const Tensor across = at.ops.sub(at.grad(), at.ops.mul(direction, along));
  const Tensor none = at.ops("aten::eq.Scalar", {self, Scalar(0)});
  const Tensor size = at.ops("aten::masked_fill.Scalar", {at.ops("aten::abs", {self}), none, Scalar(1)});
  return at.ops.zero_where(none, at.ops.div(across, size));
}
Tensor no_slope(Backward& at) { return at.ops.zeros_like(at.grad()); }

constexpr DTypes numbers = all_dtype_set - bool_dtype;
constexpr DTypes real_numbers = numbers - complex_dtypes;

// The absolute value of a complex number is real, so that it cannot be written in place.
OperatorDeclaration without_complex_in_place(OperatorDeclaration abs) {
  abs.rule = [rule = abs.rule](const CallArguments& args) {
    if (args.schema().arguments[0].is_write() && is_complex(args.tensor(0).dtype()))
      throw Error("In-place abs is not supported for complex tensors.");
    return rule(args);
  };
  return abs;
}

const Family exact_operators{{
    unary("neg", pointwise_kernel<Neg, 1, numbers>(),
          {.derivative = saving([](Backward& at) { return at.ops.neg(at.grad()); }),
           .zero = {ZeroRule::When::all, 0b1, ZeroRule::Exact::up_to_sign},
           .accuracy = accuracy::exact}),
    without_complex_in_place(
        unary("abs", pointwise_kernel<Abs, 1, numbers>(),
              {.derivative = saving<0b1>(
                   [](Backward& at) { return at.ops.mul(at.ops("aten::sgn", {at.argument(0)}), at.grad()); }),
               .zero = keeps_zero,
               .accuracy = accuracy::elementary(1, "exact on reals; hypot in glibc's manual on complex")})),
    unary("sgn", pointwise_kernel<Sgn, 1, all_dtype_set>(),
          {.derivative = saving<0b1, 0b1>(direction_slope),
           .zero = keeps_zero,
           .accuracy = accuracy::elementary(2, "hypot and a division on complex")}),
    unary("relu", pointwise_kernel<Relu, 1, real_numbers>(),
          {.derivative = saving<0, 0b1>([](Backward& at) {
             return at.ops.zero_where(at.ops("aten::le.Scalar", {at.result(), Scalar(0)}), at.grad());
           }),
           .zero = keeps_zero,
           .accuracy = accuracy::exact},
          {.out = false}),
    unary("floor", pointwise_kernel<Floor, 1, real_numbers>(),
          {.derivative = saving(no_slope), .zero = keeps_zero, .accuracy = accuracy::exact}),
    unary("ceil", pointwise_kernel<Ceil, 1, real_numbers>(),
          {.derivative = saving(no_slope), .zero = keeps_zero, .accuracy = accuracy::exact}),
    unary("trunc", pointwise_kernel<Trunc, 1, real_numbers>(),
          {.derivative = saving(no_slope), .zero = keeps_zero, .accuracy = accuracy::exact}),
    unary("sign", pointwise_kernel<Sgn, 1, ordered_dtypes>(),
          {.derivative = saving(no_slope), .zero = keeps_zero, .accuracy = accuracy::exact}),
    unary("logical_not", pointwise_kernel<LogicalNot, 1, all_dtype_set>(),
          {.derivative = saving([](Backward&) { return Tensor(); }), .accuracy = accuracy::exact}),
    unary("isnan", pointwise_kernel<IsNan, 1, all_dtype_set>(), {.accuracy = accuracy::exact},
          {.in_place = false, .out = false}),
    pointwise_declaration(
        {.name = "bitwise_not"},
        {.kernel = pointwise_kernel<BitwiseNot, 1, bool_dtype | integer_dtypes>(),
         .of_bools = pointwise_kernel<BitwiseNotOfBool, 1, bool_dtype>()},
        {.domain = "self = tensor(S...) ; let dtype = int + bool", .accuracy = accuracy::exact}),
}};

}  // namespace

}  // namespace engine::ops
