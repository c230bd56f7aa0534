// Binary pointwise operators: arithmetic, maximum and minimum, bits. Each has an overload with a tensor
// and, if ATen has it, one with a number.
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

// One overload: "Tensor", "Scalar" or "".
OperatorDeclaration binary(const std::string& name, const std::string& overload, Pointwise op,
                           OperatorDeclaration rest, const std::string& more = "",
                           const std::string& out_overload = "out") {
  op.operands = {0, 1};
  op.wide_numbers = true;
  const bool number = overload == "Scalar";
  OperatorDeclaration made = pointwise_declaration(
      {.name = name,
       .overload = overload,
       .arguments = std::string("Tensor self, ") + (number ? "Scalar" : "Tensor") + " other" + more,
       .out_overload = out_overload,
       .out = !number},
      op, std::move(rest));
  std::string dtypes = "int";
  if (made.dtypes.has(DType::b8)) dtypes += " + bool";
  if (made.dtypes.has(DType::f32)) dtypes += " + float";
  if (made.dtypes.has(DType::c64)) dtypes += " + complex";
  made.domain = "let dtype = " + dtypes + " ; self = tensor(S...)" +
                (number ? " ; other = 2 | 1 | -1 | 3 | 0.5 | any"
                        : " ; other = tensor(broadcast(S...)) | tensor(broadcast(S...)) any | tensor() any");
  return made;
}

// max(|a|, |b|), or 1 if that is infinite: a finite number to scale both by.
Tensor larger_of_two(Backward& at, const Tensor& a, const Tensor& b) {
  const Tensor larger = at.ops("aten::maximum", {at.ops("aten::abs", {a}), at.ops("aten::abs", {b})});
  const Tensor infinite = at.ops("aten::eq.Scalar", {larger, Scalar(HUGE_VAL)});
  return at.ops("aten::masked_fill.Scalar", {larger, infinite, Scalar(1)});
}

// grad * conj(number)
Tensor times_number(Backward& at, size_t place) {
  return at.ops.mul(at.grad(), at.ops.conj(at.number(place)));
}

// The chosen operand has the slope; equal operands share it. `loses` compares an operand with the other.
std::vector<Tensor> chosen(Backward& at, std::string_view loses) {
  const Tensor equal = at.ops("aten::eq.Tensor", {at.argument(0), at.argument(1)});
  const Tensor half = at.ops.mul(at.grad(), Scalar(0.5));
  const Tensor shared = at.ops("aten::where.self", {equal, half, at.grad()});
  const Tensor self_loses = at.ops(loses, {at.argument(0), at.argument(1)});
  const Tensor other_loses = at.ops(loses, {at.argument(1), at.argument(0)});
  return at.like_arguments({at.ops.zero_where(self_loses, shared), at.ops.zero_where(other_loses, shared)});
}

std::vector<Tensor> mul_slopes(Backward& at) {
  return at.like_arguments({at.ops.mul(at.grad(), at.ops.conj(at.argument(1))),
                            at.ops.mul(at.grad(), at.ops.conj(at.argument(0)))});
}

std::vector<Tensor> div_slopes(Backward& at) {
  const Tensor by = at.ops.conj(at.argument(1));
  const Tensor part = at.ops.div(at.grad(), by);
  const Tensor whole = at.ops.div(at.ops.conj(at.argument(0)), by);
  return at.like_arguments({part, at.ops.neg(at.ops.mul(part, whole))});
}

// Both operands are scaled by the larger one, since the sum of squares may overflow, and cast first, since
// squares of integers may wrap.
std::vector<Tensor> atan2_slopes(Backward& at) {
  const DType dtype = at.grad().dtype();
  const Tensor a = at.ops.to_dtype(at.argument(0), dtype), b = at.ops.to_dtype(at.argument(1), dtype);
  const Tensor scale = larger_of_two(at, a, b);
  const Tensor x = at.ops.div(a, scale), y = at.ops.div(b, scale);
  const Tensor size = at.ops.add(at.ops.mul(x, x), at.ops.mul(y, y));
  const Tensor part = at.ops.div(at.ops.div(at.grad(), size), scale);
  return at.like_arguments({at.ops.mul(part, y), at.ops.neg(at.ops.mul(part, x))});
}

std::vector<Tensor> same_slope(Backward& at) { return at.like_arguments({at.grad()}); }

using When = ZeroRule::When;
using Exact = ZeroRule::Exact;

const Pointwise add_kernel{
    .kernel = pointwise_kernel<Add, 3, all_dtype_set>(), .parameters = {2}, .check = check_alpha};
const Pointwise sub_kernel{
    .kernel = pointwise_kernel<Sub, 3, all_dtype_set - bool_dtype>(), .parameters = {2}, .check = check_sub};
const Pointwise mul_kernel{.kernel = pointwise_kernel<Mul, 2, all_dtype_set>()};
const Pointwise div_kernel{.kernel = pointwise_kernel<Div, 2, floating_dtypes>(), .floating = true};

constexpr const char* alpha = ", *, Scalar alpha=1";
constexpr const char* number_alpha = ", Scalar alpha=1";
const Accuracy product_and_sum = accuracy::products(2);     // one rounded product and a sum
const Accuracy one_product = accuracy::rounded_parts(3.2);  // sqrt 5 roundings, of the modulus
const Accuracy one_quotient = accuracy::rounded_parts(8);   // six operations by Smith's formula

const Family addition_family{{
    binary("add", "Tensor", add_kernel,
           {.derivative =
                saving([](Backward& at) { return at.like_arguments({at.grad(), times_number(at, 2)}); }),
            .zero = {When::all, 0b11, Exact::finite_others},
            .accuracy = product_and_sum},
           alpha),
    binary("add", "Scalar", add_kernel, {.derivative = saving(same_slope), .accuracy = product_and_sum},
           number_alpha),
    binary("sub", "Tensor", sub_kernel,
           {.derivative = saving(
                [](Backward& at) { return at.like_arguments({at.grad(), at.ops.neg(times_number(at, 2))}); }),
            .zero = {When::all, 0b11, Exact::finite_others},
            .accuracy = product_and_sum},
           alpha),
    binary("sub", "Scalar", sub_kernel, {.derivative = saving(same_slope), .accuracy = product_and_sum},
           number_alpha),
}};

const Family product_family{{
    binary("mul", "Tensor", mul_kernel,
           {.derivative = saving<0b11>(mul_slopes),
            .zero = {When::any, 0b11, Exact::finite_others},
            .accuracy = one_product}),
    binary("mul", "Scalar", mul_kernel,
           {.derivative = saving([](Backward& at) { return at.like_arguments({times_number(at, 1)}); }),
            .zero = {When::any, 0b1, Exact::finite_others},
            .accuracy = one_product}),
    binary("div", "Tensor", div_kernel,
           {.derivative = saving<0b11>(div_slopes),
            .zero = {When::any, 0b1, Exact::nonzero_others},
            .accuracy = one_quotient}),
    binary("div", "Scalar", div_kernel,
           {.derivative = saving([](Backward& at) {
              return at.like_arguments({at.ops("aten::div.Scalar", {at.grad(), at.ops.conj(at.number(1))})});
            }),
            .zero = {When::any, 0b1, Exact::nonzero_others},
            .accuracy = one_quotient}),
    binary("atan2", "", {.kernel = pointwise_kernel<Atan2, 2, real_dtypes>(), .floating = true},
           {.derivative = saving<0b11>(atan2_slopes),
            .accuracy = accuracy::elementary(1.5, "glibc's manual, Errors in Math Functions")}),
}};

OperatorDeclaration not_in_place(OperatorDeclaration declaration) {
  declaration.in_place.clear();
  return declaration;
}

const Family choices{{
    not_in_place(
        binary("maximum", "", {.kernel = pointwise_kernel<Maximum, 2, ordered_dtypes>()},
               {.derivative = saving<0b11>([](Backward& at) { return chosen(at, "aten::lt.Tensor"); }),
                .zero = {When::all, 0b11, Exact::always},
                .accuracy = accuracy::exact})),
    not_in_place(
        binary("minimum", "", {.kernel = pointwise_kernel<Minimum, 2, ordered_dtypes>()},
               {.derivative = saving<0b11>([](Backward& at) { return chosen(at, "aten::gt.Tensor"); }),
                .zero = {When::all, 0b11, Exact::always},
                .accuracy = accuracy::exact})),
}};

constexpr DTypes bit_dtypes = bool_dtype | integer_dtypes;
template <class F>
OperatorDeclaration bitwise(const std::string& name, When when) {
  return binary(name, "Tensor", {.kernel = pointwise_kernel<F, 2, bit_dtypes>()},
                {.zero = {when, 0b11, Exact::always}, .accuracy = accuracy::exact}, "", "Tensor_out");
}
const Family bit_operators{{bitwise<BitwiseAnd>("bitwise_and", When::any),
                            bitwise<BitwiseOr>("bitwise_or", When::all),
                            bitwise<BitwiseXor>("bitwise_xor", When::all)}};

}  // namespace

}  // namespace engine::ops
