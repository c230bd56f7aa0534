// Pointwise operators of three tensors: addcmul addcdiv lerp.
#include "engine/kernels/functors/ternary.h"

#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "engine/ops/pointwise.h"
#include "engine/ops/promotion.h"

namespace engine::ops {

namespace {

using namespace functors;

void check_value(const CallArguments& args, DType common) {
  const Scalar value = args.scalar(3);
  if ((is_integral(common) && !value.is_integral()) || (!is_complex(common) && value.is_complex()))
    throw Error("value cannot be converted to " + std::string(name_of(common)) + " without loss");
  check_fits(value, common);
}

Scalar conjugate(const Scalar& number) {
  return number.is_complex() ? Scalar(std::conj(number.to_complex())) : number;
}

OperatorDeclaration fused(const std::string& name, const PointwiseKernel& kernel, Formula derivative,
                          const std::string& dtypes) {
  OperatorDeclaration made = pointwise_declaration(
      {.kernel = kernel, .operands = {0, 1, 2}, .parameters = {3}, .check = check_value},
      {.derivative = {.formula = std::move(derivative), .saves_arguments = 0b111},
       .domain =
           "let dtype = " + dtypes +
           " ; self = tensor(S...) ; tensor1 = tensor(broadcast(S...)) ; tensor2 = tensor(broadcast(S...)) "
           "; value = 1 | 2 | -1",
       .accuracy = accuracy::products(4)});
  name_forms(made, {.name = name,
                    .overload = "",
                    .arguments = "Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1"});
  return made;
}

std::vector<Tensor> slopes(Backward& at, const Tensor& of_first, const Tensor& of_second) {
  return {at.ops.like_argument(at.grad(), at.argument(0)), at.ops.like_argument(of_first, at.argument(1)),
          at.ops.like_argument(of_second, at.argument(2))};
}

std::vector<Tensor> product_slopes(Backward& at) {
  const Tensor scaled = at.ops.mul(at.grad(), conjugate(at.number(3)));
  return slopes(at, at.ops.mul(scaled, at.ops.conj(at.argument(2))),
                at.ops.mul(scaled, at.ops.conj(at.argument(1))));
}
std::vector<Tensor> quotient_slopes(Backward& at) {
  const Tensor scaled = at.ops.mul(at.grad(), conjugate(at.number(3)));
  const Tensor by = at.ops.conj(at.argument(2));
  const Tensor part = at.ops.div(scaled, by);
  const Tensor whole = at.ops.div(at.ops.conj(at.argument(1)), by);
  return slopes(at, part, at.ops.neg(at.ops.mul(part, whole)));
}

void check_one_dtype(const CallArguments& args, DType) {
  for (const size_t i : {size_t{1}, size_t{2}})
    if (args.tensor(i).dtype() != args.tensor(0).dtype())
      throw Error("expected dtype " + std::string(name_of(args.tensor(0).dtype())) + " for `" +
                  (i == 1 ? "end" : "weight") + "` but got dtype " +
                  std::string(name_of(args.tensor(i).dtype())));
}

OperatorDeclaration lerp() {
  OperatorDeclaration made = pointwise_declaration(
      {.kernel = pointwise_kernel<Lerp, 3, floating_dtypes>(),
       .operands = {0, 1, 2},
       .check = check_one_dtype},
      {.derivative = {.formula = [](Backward& at) -> std::vector<Tensor> {
                        const Tensor weight = at.ops.conj(at.argument(2));
                        const Tensor of_end = at.ops.mul(at.grad(), weight);
                        const Tensor span = at.ops.conj(at.ops.sub(at.argument(1), at.argument(0)));
                        return {at.ops.like_argument(at.ops.sub(at.grad(), of_end), at.argument(0)),
                                at.ops.like_argument(of_end, at.argument(1)),
                                at.ops.like_argument(at.ops.mul(at.grad(), span), at.argument(2))};
                      },
                      .saves_arguments = 0b111},
       .domain = "let dtype = float + complex ; self = tensor(S...) ; end = tensor(broadcast(S...)) "
                 "; weight = tensor(broadcast(S...)) unit",
       .accuracy = accuracy::products(4)});
  name_forms(made, {.name = "lerp",
                    .overload = "Tensor",
                    .arguments = "Tensor self, Tensor end, Tensor weight",
                    .out_overload = "Tensor_out"});
  return made;
}

const Family ternary_family{{
    fused("addcmul", pointwise_kernel<AddProduct, 4, all_dtype_set - bool_dtype>(), product_slopes,
          "int + float + complex"),
    fused("addcdiv", pointwise_kernel<AddQuotient, 4, floating_dtypes>(), quotient_slopes, "float + complex"),
    lerp(),
}};

}  // namespace

}  // namespace engine::ops
