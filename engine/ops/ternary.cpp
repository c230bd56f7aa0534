// Pointwise operators of three tensors: addcmul addcdiv lerp.
#include "engine/kernels/functors/ternary.h"

#include <fmt/core.h>

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
    throw Error(fmt::format("value cannot be converted to {} without loss", name_of(common)));
  check_fits(value, common);
}

OperatorDeclaration fused(const std::string& name, const PointwiseKernel& kernel,
                          const Derivative& derivative, const std::string& dtypes) {
  return pointwise_declaration(
      {.name = name, .arguments = "Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1"},
      {.kernel = kernel, .operands = {0, 1, 2}, .parameters = {3}, .check = check_value},
      {.derivative = derivative,
       .domain =
           "let dtype = " + dtypes +
           " ; self = tensor(S...) ; tensor1 = tensor(broadcast(S...)) ; tensor2 = tensor(broadcast(S...)) "
           "; value = 1 | 2 | -1",
       .accuracy = accuracy::products(4)});
}

std::vector<Tensor> addcmul_slopes(Backward& at) {
  const Tensor scaled = at.ops.mul(at.grad(), at.ops.conj(at.number(3)));
  return at.like_arguments({at.grad(), at.ops.mul(scaled, at.ops.conj(at.argument(2))),
                            at.ops.mul(scaled, at.ops.conj(at.argument(1)))});
}
std::vector<Tensor> addcdiv_slopes(Backward& at) {
  const Tensor scaled = at.ops.mul(at.grad(), at.ops.conj(at.number(3)));
  const Tensor by = at.ops.conj(at.argument(2));
  const Tensor part = at.ops.div(scaled, by);
  const Tensor whole = at.ops.div(at.ops.conj(at.argument(1)), by);
  return at.like_arguments({at.grad(), part, at.ops.neg(at.ops.mul(part, whole))});
}
std::vector<Tensor> lerp_slopes(Backward& at) {
  const Tensor of_end = at.ops.mul(at.grad(), at.ops.conj(at.argument(2)));
  const Tensor span = at.ops.conj(at.ops.sub(at.argument(1), at.argument(0)));
  return at.like_arguments({at.ops.sub(at.grad(), of_end), of_end, at.ops.mul(at.grad(), span)});
}

void check_one_dtype(const CallArguments& args, DType) {
  const DType own = args.tensor(0).dtype();
  for (const size_t i : {size_t{1}, size_t{2}})
    if (const DType dtype = args.tensor(i).dtype(); dtype != own)
      throw Error(fmt::format("expected dtype {} for `{}` but got dtype {}", name_of(own),
                              args.schema().arguments[i].name, name_of(dtype)));
}

const Family ternary_family{{
    fused("addcmul", pointwise_kernel<AddProduct, 4, all_dtype_set - bool_dtype>(),
          saving<0b111>(addcmul_slopes), "int + float + complex"),
    fused("addcdiv", pointwise_kernel<AddQuotient, 4, floating_dtypes>(), saving<0b111>(addcdiv_slopes),
          "float + complex"),
    pointwise_declaration(
        {.name = "lerp",
         .overload = "Tensor",
         .arguments = "Tensor self, Tensor end, Tensor weight",
         .out_overload = "Tensor_out"},
        {.kernel = pointwise_kernel<Lerp, 3, floating_dtypes>(),
         .operands = {0, 1, 2},
         .check = check_one_dtype},
        {.derivative = saving<0b111>(lerp_slopes),
         .domain = "let dtype = float + complex ; self = tensor(S...) ; end = tensor(broadcast(S...)) "
                   "; weight = tensor(broadcast(S...)) unit",
         .accuracy = accuracy::products(4)}),
}};

}  // namespace

}  // namespace engine::ops
