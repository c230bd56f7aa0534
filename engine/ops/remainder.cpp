// remainder: of a division that rounds towards minus infinity, with the divisor's sign. Refuses an integer
// divisor of zero: the rule refuses a number, the kernel an element of a tensor.
#include "engine/backends/copy.h"
#include "engine/backends/machine.h"
#include "engine/core/error.h"
#include "engine/kernels/functors/arithmetic.h"
#include "engine/kernels/functors/exact.h"
#include "engine/ops/formulas.h"
#include "engine/ops/pointwise.h"

namespace engine::ops {

namespace {

using namespace functors;

bool has_zero(const Tensor& divisor) {
  static const PointwiseKernel is_zero = pointwise_kernel<IsZero, 1, bool_dtype | integer_dtypes>();
  const Tensor zeros = make_tensor(DType::b8, divisor.sizes(), divisor.device());
  const PointwiseOperand operand{&divisor, {}, true};
  run_pointwise(is_zero, divisor.dtype(), zeros, {&operand, 1});
  const Tensor seen = on_host(zeros);
  const auto* const found = seen.data<uint8_t>();
  return std::any_of(found, found + zeros.element_count(), [](uint8_t is) { return is != 0; });
}

// The number as an element of the dtype: 256 in u8 is zero.
Tensor stored_number(const Scalar& number, DType dtype) {
  const Tensor stored = make_tensor(dtype, {});
  fill_elements(stored, number);
  return stored;
}

void refuse_zero(const Tensor& divisor, DType dtype, IntSpan sizes) {
  if (is_integral(dtype) && engine::element_count(sizes) != 0 && has_zero(divisor))
    throw Error("ZeroDivisionError");
}

std::vector<Tensor> remainder_slopes(Backward& at) {
  if (!at.args()[1].is_tensor()) return at.like_arguments({at.grad()});
  const Tensor times = at.ops("aten::floor", {at.ops.div(at.argument(0), at.argument(1))});
  return at.like_arguments({at.grad(), at.ops.neg(at.ops.mul(at.grad(), times))});
}

OperatorDeclaration remainder(bool number) {
  OperatorDeclaration made = pointwise_declaration(
      {.name = "remainder",
       .overload = number ? "Scalar" : "Tensor",
       .arguments = std::string("Tensor self, ") + (number ? "Scalar" : "Tensor") + " other",
       .out_overload = number ? "Scalar_out" : "Tensor_out"},
      {.kernel = pointwise_kernel<Remainder, 2, all_dtype_set - bool_dtype - complex_dtypes>(),
       .operands = {0, 1},
       .wide_numbers = true},
      {.derivative = number ? saving(remainder_slopes) : saving<0b11>(remainder_slopes),
       .domain = std::string("let dtype = int + float ; self = tensor(S...)") +
                 (number ? " ; other = 2 | 3 | -2 | 1.5" : " ; other = tensor(broadcast(S...)) positive"),
       .accuracy = accuracy::elementary(1, "fmod is exact; one sum")});
  if (number) {
    made.rule = [rule = made.rule](const CallArguments& args) {
      Plan plan = rule(args);
      refuse_zero(stored_number(args.scalar(1), plan[0].dtype), plan[0].dtype, plan[0].sizes);
      return plan;
    };
  } else {
    made.elements = {};  // the divisor's elements decide whether the call raises
    made.compute = [compute = made.compute](const CallArguments& args, std::span<const Tensor> results) {
      refuse_zero(args.tensor(1), results[0].dtype(), results[0].sizes());
      compute(args, results);
    };
  }
  return made;
}

const Family remainder_family{{remainder(true), remainder(false)}};

}  // namespace

}  // namespace engine::ops
