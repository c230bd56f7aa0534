#include "engine/ops/formulas.h"

#include "engine/core/check.h"
#include "engine/dispatch/arguments.h"

namespace engine::ops {

Tensor Formulas::operator()(std::string_view name, std::vector<Value> arguments) const {
  const Operator op = dispatcher_.op(name);
  const std::vector<Argument>& declared = op.schema().arguments;
  CHECK(arguments.size() <= declared.size(), "too many arguments for " + std::string(name));
  Stack stack;
  for (size_t i = 0; i < declared.size(); ++i) {
    if (i >= arguments.size()) {
      CHECK(declared[i].default_value.has_value(), "arguments are missing for " + std::string(name));
      stack.push_back(value_of(*declared[i].default_value, declared[i].type));
      continue;
    }
    std::optional<Value> value = fitted(std::move(arguments[i]), declared[i].type);
    CHECK(value.has_value(), "argument " + std::to_string(i) + " does not fit " + std::string(name));
    stack.push_back(*std::move(value));
  }
  op.call_boxed(stack);
  return stack.back().tensor();
}

Tensor Formulas::conj(const Tensor& a) const {
  return is_complex(a.dtype()) ? (*this)("aten::_conj", {a}) : a;
}

Scalar Formulas::conj(const Scalar& number) {
  return number.is_complex() ? Scalar(std::conj(number.to_complex())) : number;
}

Tensor Formulas::contiguous_zeros_like(const Tensor& a) const {
  return (*this)("aten::zeros_like", {a, Value(), Value(), Value(), Value(), MemoryFormat::contiguous});
}

Tensor Formulas::zero_where(const Tensor& mask, const Tensor& a) const {
  return (*this)("aten::masked_fill.Scalar", {a, mask, Scalar(0)});
}

Tensor Formulas::reshape(const Tensor& a, Dims sizes) const {
  return (*this)("aten::reshape", {a, std::move(sizes)});
}

Tensor Formulas::to_dtype(const Tensor& a, DType dtype) const {
  return a.dtype() == dtype ? a : (*this)("aten::_to_copy", {a, dtype});
}

Tensor Formulas::sum_to(const Tensor& a, IntSpan sizes) const {
  if (a.sizes() == sizes) return a;
  const size_t lead = a.rank() - sizes.size();
  Dims dims;
  for (size_t d = 0; d < a.rank(); ++d)
    if (d < lead || (sizes[d - lead] == 1 && a.size(d) != 1)) dims.push_back(static_cast<int64_t>(d));
  if (dims.empty()) return a;
  const Tensor summed = (*this)("aten::sum.dim_IntList", {a, dims, true});
  return lead == 0 ? summed : (*this)("aten::view", {summed, sizes.copy()});
}

Tensor Formulas::like_argument(const Tensor& gradient, const Tensor& argument) const {
  Tensor made = sum_to(gradient, argument.sizes());
  if (is_complex(made.dtype()) && !is_complex(argument.dtype())) made = (*this)("aten::real", {made});
  return to_dtype(made, argument.dtype());
}

std::vector<Tensor> Backward::like_arguments(std::vector<Tensor> gradients) const {
  for (size_t i = 0; i < gradients.size(); ++i)
    if (gradients[i].defined()) gradients[i] = ops.like_argument(gradients[i], argument(i));
  return gradients;
}

}  // namespace engine::ops
