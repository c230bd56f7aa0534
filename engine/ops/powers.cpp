// Powers: pow of tensors and numbers. Integers are multiplied out and wrap; complex numbers go by exp and
// log.
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
  return number.is_integral() ? Scalar(number.to_integer() - 1) : Scalar(number.to_real() - 1);
}

bool is_zero(const Scalar& number) { return !number.to_boolean(); }

// exponent * self^(exponent - 1), and nothing where the exponent is zero.
std::vector<Tensor> number_slope(Backward& at) {
  const Scalar exponent = at.number(1);
  if (is_zero(exponent)) return {at.ops("aten::zeros_like", {at.argument(0)})};
  const Tensor below = at.ops("aten::pow.Tensor_Scalar", {at.argument(0), less_one(exponent)});
  const Tensor slope = at.ops.conj(at.ops.mul(below, exponent));
  return {at.ops.like_argument(at.ops.mul(at.grad(), slope), at.argument(0))};
}

std::vector<Tensor> tensor_slopes(Backward& at) {
  const Tensor &self = at.argument(0), &exponent = at.argument(1);
  const auto cleared = [&](const Tensor& slope, const Tensor& where) {
    return at.ops.mul(at.grad(), at.ops.conj(at.ops("aten::masked_fill.Scalar", {slope, where, Scalar(0)})));
  };
  const Tensor below =
      at.ops("aten::pow.Tensor_Tensor",
             {self, at.ops("aten::sub.Tensor",
                           {at.ops.to_dtype(exponent, at.result().dtype()),
                            at.ops.to_dtype(at.ops("aten::ones_like", {exponent}), at.result().dtype())})});
  const Tensor of_self =
      cleared(at.ops.mul(exponent, below), at.ops("aten::eq.Scalar", {exponent, Scalar(0)}));
  const Tensor log = at.ops("aten::log", {at.ops.to_dtype(self, at.result().dtype())});
  const Tensor of_exponent =
      cleared(at.ops.mul(at.result(), log), at.ops("aten::eq.Scalar", {self, Scalar(0)}));
  return {at.ops.like_argument(of_self, self), at.ops.like_argument(of_exponent, exponent)};
}

OperatorDeclaration power(bool number) {
  Pointwise op{.kernel = pointwise_kernel<Power, 2, all_dtype_set - bool_dtype>(),
               .operands = {0, 1},
               .wide_numbers = true};
  if (number) op.check = check_number;
  OperatorDeclaration made = pointwise_declaration(
      op,
      {.derivative = {.formula = number ? number_slope : tensor_slopes,
                      .saves_arguments = 0b11,
                      .saves_results = number ? 0U : 1U},
       .domain = std::string("let dtype = int + float + complex ; self = tensor(S...)") +
                 (number ? " ; exponent = 2 | 3 | 0 | 1 | 0.5 | 1.5 | any"
                         : " ; exponent = tensor(broadcast(S...))"),
       .accuracy = accuracy::elementary(2, "glibc's manual; complex: exp of a product of up to 256", 4096)});
  const std::string exponent = number ? "Scalar exponent" : "Tensor exponent";
  const std::string overload = number ? "Tensor_Scalar" : "Tensor_Tensor";
  made.functional = "aten::pow." + overload + "(Tensor self, " + exponent + ") -> Tensor";
  made.in_place = std::string("aten::pow_.") + (number ? "Scalar" : "Tensor") + "(Tensor(a!) self, " +
                  exponent + ") -> Tensor(a!)";
  made.out = "aten::pow." + overload + "_out(Tensor self, " + exponent + ", *, Tensor(a!) out) -> Tensor(a!)";
  return made;
}

const Family powers_family{{power(true), power(false)}};

}  // namespace

}  // namespace engine::ops
