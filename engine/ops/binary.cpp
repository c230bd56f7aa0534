// Binary pointwise operators: arithmetic, choosing, bits. Operands are promoted and broadcast; each operator
// has a form with a tensor and, where aten has it, one with a number.
#include <cmath>

#include "engine/kernels/functors/arithmetic.h"
#include "engine/ops/formulas.h"
#include "engine/ops/pointwise.h"
#include "engine/ops/promotion.h"

namespace engine::ops {

namespace {

using namespace functors;

void check_alpha(const CallArguments& args, DType common) {
  const Scalar alpha = args.scalar(2);
  if (alpha.kind() == Scalar::Kind::boolean && common != DType::b8)
    throw Error("Boolean alpha only supported for Boolean results.");
  if (is_integral(common) && !alpha.is_integral())
    throw Error("For integral input tensors, argument alpha must not be a floating point number.");
  if (!is_complex(common) && alpha.is_complex())
    throw Error("For non-complex input tensors, argument alpha must not be a complex number.");
  check_fits(alpha, common);
}
void check_sub(const CallArguments& args, DType common) {
  for (size_t i = 0; i < 2; ++i)
    if (args[i].is_tensor() ? args.tensor(i).dtype() == DType::b8
                            : args.scalar(i).kind() == Scalar::Kind::boolean)
      throw Error(
          "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to "
          "invert a mask, use the `~` or `logical_not()` operator instead.");
  check_alpha(args, common);
}

// One overload: "Tensor" or "Scalar".
OperatorDeclaration binary(const std::string& name, const std::string& overload, Pointwise op,
                           OperatorDeclaration rest, const std::string& more = "",
                           const std::string& out_overload = "out") {
  op.operands = {0, 1};
  op.wide_numbers = true;
  OperatorDeclaration made = pointwise_declaration(op, std::move(rest));
  const bool number = overload == "Scalar";
  name_forms(made,
             {.name = name,
              .overload = overload,
              .arguments = std::string("Tensor self, ") + (number ? "Scalar" : "Tensor") + " other" + more,
              .out_overload = out_overload,
              .out = !number});
  std::string dtypes = "int";
  if (made.dtypes.has(DType::b8)) dtypes += " + bool";
  if (made.dtypes.has(DType::f32)) dtypes += " + float";
  if (made.dtypes.has(DType::c64)) dtypes += " + complex";
  if (made.domain.empty())
    made.domain =
        "let dtype = " + dtypes + " ; self = tensor(S...)" +
        (number ? " ; other = 2 | 1 | -1 | 3 | 0.5 | any"
                : " ; other = tensor(broadcast(S...)) | tensor(broadcast(S...)) any | tensor() any");
  return made;
}

std::vector<Tensor> slopes(Backward& at, const Tensor& of_self, const Tensor& of_other) {
  return {at.ops.like_argument(of_self, at.argument(0)), at.ops.like_argument(of_other, at.argument(1))};
}
std::vector<Tensor> slope(Backward& at, const Tensor& of_self) {
  return {at.ops.like_argument(of_self, at.argument(0))};
}
Scalar conj(const Scalar& number) {
  return number.is_complex() ? Scalar(std::conj(number.to_complex())) : number;
}
// max(|a|, |b|), or 1 where that is infinite: a finite number to scale both by.
Tensor larger_of_two(Backward& at, const Tensor& a, const Tensor& b) {
  const Tensor larger = at.ops("aten::maximum", {at.ops("aten::abs", {a}), at.ops("aten::abs", {b})});
  const Tensor infinite = at.ops("aten::eq.Scalar", {larger, Scalar(HUGE_VAL)});
  return at.ops("aten::masked_fill.Scalar", {larger, infinite, Scalar(1)});
}

Tensor times(Backward& at, const Tensor& x, const Scalar& factor, bool negated) {
  const Tensor product = at.ops.mul(x, conj(factor));
  return negated ? at.ops.neg(product) : product;
}

// The larger one has the slope; equals share it.
std::vector<Tensor> chosen(Backward& at, std::string_view loses) {
  const Tensor equal = at.ops("aten::eq.Tensor", {at.argument(0), at.argument(1)});
  const Tensor half = at.ops.mul(at.grad(), Scalar(0.5));
  const Tensor shared = at.ops("aten::where.self", {equal, half, at.grad()});
  const Tensor self_loses = at.ops(loses, {at.argument(0), at.argument(1)});
  const Tensor other_loses = at.ops(loses, {at.argument(1), at.argument(0)});
  return slopes(at, at.ops("aten::masked_fill.Scalar", {shared, self_loses, Scalar(0)}),
                at.ops("aten::masked_fill.Scalar", {shared, other_loses, Scalar(0)}));
}

using When = ZeroRule::When;
using Exact = ZeroRule::Exact;

Pointwise add_kernel() {
  return {.kernel = pointwise_kernel<Add, 3, all_dtype_set>(), .parameters = {2}, .check = check_alpha};
}
Pointwise sub_kernel() {
  return {.kernel = pointwise_kernel<Sub, 3, all_dtype_set - bool_dtype>(),
          .parameters = {2},
          .check = check_sub};
}
Pointwise div_kernel() { return {.kernel = pointwise_kernel<Div, 2, floating_dtypes>(), .floating = true}; }

constexpr const char* alpha = ", *, Scalar alpha=1";
constexpr const char* number_alpha = ", Scalar alpha=1";
const Accuracy product_and_sum = accuracy::products(2);     // of one product that is rounded, and a sum
const Accuracy one_product = accuracy::rounded_parts(3.2);  // sqrt 5 roundings, of the modulus
const Accuracy one_quotient = accuracy::rounded_parts(8);   // six operations by Smith's formula

const Family sums{{
    binary("add", "Tensor", add_kernel(),
           {.derivative = {.formula =
                               [](Backward& at) {
                                 return slopes(at, at.grad(), times(at, at.grad(), at.number(2), false));
                               }},
            .zero = {When::all, 0b11, Exact::finite_others},
            .accuracy = product_and_sum},
           alpha),
    binary("add", "Scalar", add_kernel(),
           {.derivative = {.formula = [](Backward& at) { return slope(at, at.grad()); }},
            .accuracy = product_and_sum},
           number_alpha),
    binary("sub", "Tensor", sub_kernel(),
           {.derivative = {.formula =
                               [](Backward& at) {
                                 return slopes(at, at.grad(), times(at, at.grad(), at.number(2), true));
                               }},
            .zero = {When::all, 0b11, Exact::finite_others},
            .accuracy = product_and_sum},
           alpha),
    binary("sub", "Scalar", sub_kernel(),
           {.derivative = {.formula = [](Backward& at) { return slope(at, at.grad()); }},
            .accuracy = product_and_sum},
           number_alpha),
}};

const Family products{{
    binary("mul", "Tensor", {.kernel = pointwise_kernel<Mul, 2, all_dtype_set>()},
           {.derivative = {.formula =
                               [](Backward& at) {
                                 return slopes(at, at.ops.mul(at.grad(), at.ops.conj(at.argument(1))),
                                               at.ops.mul(at.grad(), at.ops.conj(at.argument(0))));
                               },
                           .saves_arguments = 0b11},
            .zero = {When::any, 0b11, Exact::finite_others},
            .accuracy = one_product}),
    binary("mul", "Scalar", {.kernel = pointwise_kernel<Mul, 2, all_dtype_set>()},
           {.derivative = {.formula =
                               [](Backward& at) {
                                 return slope(at, times(at, at.grad(), at.number(1), false));
                               }},
            .zero = {When::any, 0b1, Exact::finite_others},
            .accuracy = one_product}),
    binary("div", "Tensor", div_kernel(),
           {.derivative = {.formula =
                               [](Backward& at) {
                                 const Tensor by = at.ops.conj(at.argument(1));
                                 const Tensor part = at.ops.div(at.grad(), by);
                                 const Tensor whole = at.ops.div(at.ops.conj(at.argument(0)), by);
                                 return slopes(at, part, at.ops.neg(at.ops.mul(part, whole)));
                               },
                           .saves_arguments = 0b11},
            .zero = {When::any, 0b1, Exact::nonzero_others},
            .accuracy = one_quotient}),
    binary("div", "Scalar", div_kernel(),
           {.derivative = {.formula =
                               [](Backward& at) {
                                 return slope(at,
                                              at.ops("aten::div.Scalar", {at.grad(), conj(at.number(1))}));
                               }},
            .zero = {When::any, 0b1, Exact::nonzero_others},
            .accuracy = one_quotient}),
    binary("atan2", "", {.kernel = pointwise_kernel<Atan2, 2, real_dtypes>(), .floating = true},
           {.derivative = {.formula =
                               [](Backward& at) {
                                 // Squares of integers may wrap.
                                 const DType dtype = at.grad().dtype();
                                 const Tensor a = at.ops.to_dtype(at.argument(0), dtype);
                                 const Tensor b = at.ops.to_dtype(at.argument(1), dtype);
                                 // Scaled by the larger operand, since the sum of squares may overflow.
                                 const Tensor scale = larger_of_two(at, a, b);
                                 const Tensor x = at.ops.div(a, scale), y = at.ops.div(b, scale);
                                 const Tensor size = at.ops.add(at.ops.mul(x, x), at.ops.mul(y, y));
                                 const Tensor part = at.ops.div(at.ops.div(at.grad(), size), scale);
                                 return slopes(at, at.ops.mul(part, y), at.ops.neg(at.ops.mul(part, x)));
                               },
                           .saves_arguments = 0b11},
            .accuracy = accuracy::elementary(1.5, "glibc's manual, Errors in Math Functions")}),
}};

OperatorDeclaration not_in_place(OperatorDeclaration declaration) {
  declaration.in_place.clear();
  return declaration;
}

const Family choices{{
    not_in_place(binary("maximum", "", {.kernel = pointwise_kernel<Maximum, 2, ordered_dtypes>()},
                        {.derivative = {.formula = [](Backward& at) { return chosen(at, "aten::lt.Tensor"); },
                                        .saves_arguments = 0b11},
                         .zero = {When::all, 0b11, Exact::always},
                         .accuracy = accuracy::exact})),
    not_in_place(binary("minimum", "", {.kernel = pointwise_kernel<Minimum, 2, ordered_dtypes>()},
                        {.derivative = {.formula = [](Backward& at) { return chosen(at, "aten::gt.Tensor"); },
                                        .saves_arguments = 0b11},
                         .zero = {When::all, 0b11, Exact::always},
                         .accuracy = accuracy::exact})),
}};

constexpr DTypes bits = bool_dtype | integer_dtypes;
const Family bit_operators{{
    binary("bitwise_and", "Tensor", {.kernel = pointwise_kernel<BitwiseAnd, 2, bits>()},
           {.zero = {When::any, 0b11, Exact::always}, .accuracy = accuracy::exact}, "", "Tensor_out"),
    binary("bitwise_or", "Tensor", {.kernel = pointwise_kernel<BitwiseOr, 2, bits>()},
           {.zero = {When::all, 0b11, Exact::always}, .accuracy = accuracy::exact}, "", "Tensor_out"),
    binary("bitwise_xor", "Tensor", {.kernel = pointwise_kernel<BitwiseXor, 2, bits>()},
           {.zero = {When::all, 0b11, Exact::always}, .accuracy = accuracy::exact}, "", "Tensor_out"),
}};

}  // namespace

}  // namespace engine::ops
