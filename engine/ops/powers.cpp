// Powers: pow of tensors and numbers. Integers are multiplied and wrap; complex numbers use exp and log.
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/kernels/functors/arithmetic.h"
#include "engine/ops/formulas.h"
#include "engine/ops/pointwise.h"
#include "engine/ops/promotion.h"

namespace engine::ops {

namespace {

using namespace functors;

void check_number(const CallArguments& args, DType common) {
  if (is_integral(common) && args.scalar(1).to_integer() < 0)
    throw Error("Integers to negative integer powers are not allowed.");
  check_fits(args.scalar(1), common);
}

Scalar less_one(const Scalar& number) {
  if (number.is_complex()) return number.to_complex() - 1.0;
  const bool fits = number.is_integral() && number.to_integer() > std::numeric_limits<int64_t>::min();
  return fits ? Scalar(number.to_integer() - 1) : Scalar(number.to_real() - 1);
}

// exponent * self^(exponent - 1), and 0 for an exponent of zero.
Tensor number_slope(Backward& at) {
  const Scalar exponent = at.number(1);
  if (!exponent.to_boolean()) return at.ops.zeros_like(at.argument(0));
  const Tensor below = at.ops("aten::pow.Tensor_Scalar", {at.argument(0), less_one(exponent)});
  const Tensor slope = at.ops.conj(at.ops.mul(below, exponent));
  return at.ops.like_argument(at.ops.mul(at.grad(), slope), at.argument(0));
}

std::vector<Tensor> tensor_slopes(Backward& at) {
  const Tensor &self = at.argument(0), &exponent = at.argument(1);
  const DType dtype = at.result().dtype();
  const auto gradient = [&](const Tensor& slope, const Tensor& zero) {
    return at.ops.mul(at.grad(), at.ops.conj(at.ops.zero_where(zero, slope)));
  };
  const Tensor self_is_zero = at.ops("aten::eq.Scalar", {self, Scalar(0)});
  const Tensor exponent_is_zero = at.ops("aten::eq.Scalar", {exponent, Scalar(0)});
  const Tensor one = at.ops.to_dtype(at.ops("aten::ones_like", {exponent}), dtype);
  const Tensor below =
      at.ops("aten::pow.Tensor_Tensor", {self, at.ops.sub(at.ops.to_dtype(exponent, dtype), one)});
  const Tensor log = at.ops("aten::log", {at.ops.to_dtype(self, dtype)});
  // An exponent of zero makes the slope zero, but not the slope's own derivative: it is replaced only where
  // the product is not a number.
  const Tensor infinite = at.ops("aten::eq.Scalar", {at.ops("aten::abs", {below}), Scalar(HUGE_VAL)});
  const Tensor unusable =
      at.ops("aten::logical_and", {exponent_is_zero, at.ops("aten::logical_or", {self_is_zero, infinite})});
  return at.like_arguments({gradient(at.ops.mul(exponent, below), unusable),
                            gradient(at.ops.mul(at.result(), log), self_is_zero)});
}

OperatorDeclaration power(bool number) {
  const std::string exponent = number ? "Scalar exponent" : "Tensor exponent";
  const std::string overload = number ? "Tensor_Scalar" : "Tensor_Tensor";
  OperatorDeclaration made = pointwise_declaration(
      {.name = "pow",
       .overload = overload,
       .arguments = "Tensor self, " + exponent,
       .out_overload = overload + "_out"},
      {.kernel = pointwise_kernel<Power, 2, all_dtype_set - bool_dtype>(),
       .operands = {0, 1},
       .wide_numbers = true,
       .check = number ? check_number : nullptr},
      {.derivative = number ? saving<0b11>(number_slope) : saving<0b11, 0b1>(tensor_slopes),
       .domain = std::string("let dtype = int + float + complex ; self = tensor(S...)") +
                 (number ? " ; exponent = 2 | 3 | 0 | 1 | 0.5 | 1.5 | any"
                         : " ; exponent = tensor(broadcast(S...))"),
       .accuracy = accuracy::elementary(2, "glibc's manual; complex: exp of a product of up to 256", 4096)});
  made.in_place = std::string("aten::pow_.") + (number ? "Scalar" : "Tensor") + "(Tensor(a!) self, " +
                  exponent + ") -> Tensor(a!)";
  return made;
}

const Family powers_family{{power(true), power(false)}};

}  // namespace

}  // namespace engine::ops
