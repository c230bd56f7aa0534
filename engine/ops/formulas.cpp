#include "engine/ops/formulas.h"

#include "engine/core/check.h"
#include "engine/dispatch/arguments.h"

namespace engine::ops {

// By place, keyword-only arguments too; the rest has its defaults.
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

Tensor Formulas::add(const Tensor& a, const Tensor& b) const { return (*this)("aten::add.Tensor", {a, b}); }
Tensor Formulas::sub(const Tensor& a, const Tensor& b) const { return (*this)("aten::sub.Tensor", {a, b}); }
Tensor Formulas::mul(const Tensor& a, const Tensor& b) const { return (*this)("aten::mul.Tensor", {a, b}); }
Tensor Formulas::mul(const Tensor& a, const Scalar& b) const { return (*this)("aten::mul.Scalar", {a, b}); }
Tensor Formulas::div(const Tensor& a, const Tensor& b) const { return (*this)("aten::div.Tensor", {a, b}); }
Tensor Formulas::neg(const Tensor& a) const { return (*this)("aten::neg", {a}); }

Tensor Formulas::conj(const Tensor& a) const {
  return engine::is_complex(a.dtype()) ? (*this)("aten::_conj", {a}) : a;
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
  if (engine::is_complex(made.dtype()) && !engine::is_complex(argument.dtype()))
    made = (*this)("aten::real", {made});
  return to_dtype(made, argument.dtype());
}

}  // namespace engine::ops
