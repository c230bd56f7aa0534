// Backward: what a derivative's formula works with: the gradients that arrived, the saved arguments and
// results, and the operators of the same dispatcher. Promises: every operator here goes through the
// dispatcher, so that formulas work on any device and with any lazy bits.
#pragma once

#include <string_view>
#include <vector>

#include "engine/dispatch/dispatcher.h"
#include "engine/ops/declaration.h"

namespace engine::ops {

// Calls by name: ops("aten::mul.Tensor", {a, b}). Arguments are given by place, also the keyword-only ones;
// the rest have their defaults.
class Formulas {
 public:
  explicit Formulas(Dispatcher& dispatcher) : dispatcher_(dispatcher) {}

  Tensor operator()(std::string_view name, std::vector<Value> arguments) const;

  Tensor add(const Tensor& a, const Tensor& b) const { return (*this)("aten::add.Tensor", {a, b}); }
  Tensor sub(const Tensor& a, const Tensor& b) const { return (*this)("aten::sub.Tensor", {a, b}); }
  Tensor mul(const Tensor& a, const Tensor& b) const { return (*this)("aten::mul.Tensor", {a, b}); }
  Tensor mul(const Tensor& a, const Scalar& b) const { return (*this)("aten::mul.Scalar", {a, b}); }
  Tensor div(const Tensor& a, const Tensor& b) const { return (*this)("aten::div.Tensor", {a, b}); }
  Tensor neg(const Tensor& a) const { return (*this)("aten::neg", {a}); }
  Tensor conj(const Tensor& a) const;  // a real tensor itself
  static Scalar conj(const Scalar& number);
  Tensor zeros_like(const Tensor& a) const { return (*this)("aten::zeros_like", {a}); }
  Tensor contiguous_zeros_like(const Tensor& a) const;
  // `a` with zeros where the mask is true.
  Tensor zero_where(const Tensor& mask, const Tensor& a) const;
  Tensor reshape(const Tensor& a, Dims sizes) const;
  // Sums the dimensions in which these sizes were broadcast.
  Tensor sum_to(const Tensor& a, IntSpan sizes) const;
  Tensor to_dtype(const Tensor& a, DType dtype) const;
  // A gradient in the sizes and dtype of its argument: summed over broadcast dimensions, the real part for a
  // real argument.
  Tensor like_argument(const Tensor& gradient, const Tensor& argument) const;

 private:
  Dispatcher& dispatcher_;
};

class Backward {
 public:
  Backward(Dispatcher& dispatcher, const Schema& schema, std::vector<Value> arguments,
           std::vector<Tensor> results, std::vector<Tensor> gradients)
      : ops(dispatcher),
        schema_(schema),
        arguments_(std::move(arguments)),
        results_(std::move(results)),
        gradients_(std::move(gradients)) {}

  const Formulas ops;

  // One for each result; undefined where none arrived.
  const Tensor& grad(size_t k = 0) const { return gradients_[k]; }
  const Tensor& result(size_t k = 0) const { return results_[k]; }
  size_t result_count() const { return results_.size(); }
  CallArguments args() const { return {schema_, arguments_}; }
  const Tensor& argument(size_t i) const { return arguments_[i].tensor(); }
  Scalar number(size_t i) const { return arguments_[i].scalar(); }
  // Formulas::like_argument for the gradients of the first arguments; an undefined one stays undefined.
  std::vector<Tensor> like_arguments(std::vector<Tensor> gradients) const;

 private:
  const Schema& schema_;
  std::vector<Value> arguments_;
  std::vector<Tensor> results_;
  std::vector<Tensor> gradients_;
};

// A derivative whose formula reads the elements of these arguments and results: bits by place. The formula
// returns a list of gradients, or one gradient for an operator of one tensor.
template <uint32_t arguments = 0, uint32_t results = 0, class F>
Derivative saving(F formula) {
  Derivative made{.saves_arguments = arguments, .saves_results = results};
  if constexpr (std::is_same_v<std::invoke_result_t<F, Backward&>, Tensor>)
    made.formula = [formula](Backward& at) { return std::vector{formula(at)}; };
  else
    made.formula = formula;
  return made;
}

}  // namespace engine::ops
