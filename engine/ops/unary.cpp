// Unary pointwise operators whose results are exact: neg abs sign floor ...
#include "engine/ops/unary.h"

#include "engine/kernels/functors/exact.h"

namespace engine::ops {

namespace {

using namespace functors;

// A direction turns as far as the change is across it: none of a real number.
std::vector<Tensor> direction_slope(Backward& at) {
  if (!is_complex(at.grad().dtype())) return {at.ops("aten::zeros_like", {at.grad()})};
  const Tensor &direction = at.result(), &self = at.argument(0);
  const Tensor along = at.ops("aten::real", {at.ops.mul(at.ops.conj(direction), at.grad())});
  const Tensor across = at.ops.sub(at.grad(), at.ops.mul(direction, along));
  const Tensor none = at.ops("aten::eq.Scalar", {self, Scalar(0)});
  const Tensor size = at.ops("aten::masked_fill.Scalar", {at.ops("aten::abs", {self}), none, Scalar(1)});
  return {at.ops("aten::masked_fill.Scalar", {at.ops.div(across, size), none, Scalar(0)})};
}
std::vector<Tensor> no_slope(Backward& at) { return {at.ops("aten::zeros_like", {at.grad()})}; }

constexpr DTypes numbers = all_dtype_set - bool_dtype;
constexpr DTypes real_numbers = numbers - complex_dtypes;

OperatorDeclaration bitwise_not() {
  Pointwise op{.kernel = pointwise_kernel<BitwiseNot, 1, bool_dtype | integer_dtypes>(),
               .of_bools = pointwise_kernel<BitwiseNotOfBool, 1, bool_dtype>()};
  OperatorDeclaration made = pointwise_declaration(
      op, {.domain = "self = tensor(S...) ; let dtype = int + bool", .accuracy = accuracy::exact});
  name_forms(made, {.name = "bitwise_not", .overload = "", .arguments = "Tensor self"});
  return made;
}

// There is no tensor for the result: the size of a complex number is real.
OperatorDeclaration with_no_complex_in_place(OperatorDeclaration abs) {
  abs.rule = [rule = abs.rule](const CallArguments& args) {
    if (args.schema().arguments[0].is_write() && is_complex(args.tensor(0).dtype()))
      throw Error("In-place abs is not supported for complex tensors.");
    return rule(args);
  };
  return abs;
}

const Family operators{{
    unary("neg", pointwise_kernel<Neg, 1, numbers>(),
          {.derivative = {.formula = [](Backward& at) { return std::vector{at.ops.neg(at.grad())}; }},
           .zero = {ZeroRule::When::all, 0b1, ZeroRule::Exact::up_to_sign},
           .accuracy = accuracy::exact}),
    with_no_complex_in_place(
        unary("abs", pointwise_kernel<Abs, 1, numbers>(),
              {.derivative = {.formula =
                                  [](Backward& at) {
                                    const Tensor direction = at.ops("aten::sgn", {at.argument(0)});
                                    return std::vector{at.ops.mul(direction, at.grad())};
                                  },
                              .saves_arguments = 0b1},
               .zero = keeps_zero,
               .accuracy = accuracy::elementary(1, "exact on reals; hypot in glibc's manual on complex")})),
    unary("sgn", pointwise_kernel<Sgn, 1, all_dtype_set>(),
          {.derivative = {.formula = direction_slope, .saves_arguments = 0b1, .saves_results = 0b1},
           .zero = keeps_zero,
           .accuracy = accuracy::elementary(2, "hypot and a division on complex")}),
    unary("relu", pointwise_kernel<Relu, 1, real_numbers>(),
          {.derivative = {.formula =
                              [](Backward& at) {
                                const Tensor off = at.ops("aten::le.Scalar", {at.result(), Scalar(0)});
                                return std::vector{
                                    at.ops("aten::masked_fill.Scalar", {at.grad(), off, Scalar(0)})};
                              },
                          .saves_results = 0b1},
           .zero = keeps_zero,
           .accuracy = accuracy::exact},
          {.out = false}),
    unary("floor", pointwise_kernel<Floor, 1, real_numbers>(),
          {.derivative = {.formula = no_slope}, .zero = keeps_zero, .accuracy = accuracy::exact}),
    unary("ceil", pointwise_kernel<Ceil, 1, real_numbers>(),
          {.derivative = {.formula = no_slope}, .zero = keeps_zero, .accuracy = accuracy::exact}),
    unary("trunc", pointwise_kernel<Trunc, 1, real_numbers>(),
          {.derivative = {.formula = no_slope}, .zero = keeps_zero, .accuracy = accuracy::exact}),
    unary("sign", pointwise_kernel<Sgn, 1, ordered_dtypes>(),
          {.derivative = {.formula = no_slope}, .zero = keeps_zero, .accuracy = accuracy::exact}),
    unary("logical_not", pointwise_kernel<LogicalNot, 1, all_dtype_set>(),
          {.derivative = {.formula = [](Backward&) { return std::vector<Tensor>(1); }},
           .accuracy = accuracy::exact}),
    unary("isnan", pointwise_kernel<IsNan, 1, all_dtype_set>(), {.accuracy = accuracy::exact},
          {.in_place = false, .out = false}),
    bitwise_not(),
}};

}  // namespace

}  // namespace engine::ops
