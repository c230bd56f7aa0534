// Backward: what a derivative's formula works with: the gradients that arrived, the arguments and results
// that the declaration says are saved, and the operators of the same dispatcher to compute with. Promises:
// every operator here goes through the dispatcher, so that formulas work on any device and dressing, and are
// recorded in their turn where somebody records. Gradients of broadcast operands are summed to their sizes by
// sum_to().
#pragma once

#include <string_view>
#include <vector>

#include "engine/dispatch/dispatcher.h"
#include "engine/ops/declaration.h"

namespace engine::ops {

// Calls by name: ops("aten::mul.Tensor", {a, b}). The commonest have names of their own.
class Formulas {
 public:
  explicit Formulas(Dispatcher& dispatcher) : dispatcher_(dispatcher) {}

  Tensor operator()(std::string_view name, std::vector<Value> arguments) const;

  Tensor add(const Tensor& a, const Tensor& b) const;
  Tensor sub(const Tensor& a, const Tensor& b) const;
  Tensor mul(const Tensor& a, const Tensor& b) const;
  Tensor mul(const Tensor& a, const Scalar& b) const;
  Tensor div(const Tensor& a, const Tensor& b) const;
  Tensor neg(const Tensor& a) const;
  Tensor conj(const Tensor& a) const;  // of a real tensor: itself
  Tensor sum_to(const Tensor& a, IntSpan sizes) const;
  Tensor to_dtype(const Tensor& a, DType dtype) const;
  // A gradient as the argument that it belongs to: summed over broadcast dimensions, real where that is real,
  // in its dtype.
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

  // One for each result; undefined where nothing arrived.
  const Tensor& grad(size_t k = 0) const { return gradients_[k]; }
  const Tensor& result(size_t k = 0) const { return results_[k]; }
  size_t result_count() const { return results_.size(); }
  CallArguments args() const { return {schema_, arguments_}; }
  const Tensor& argument(size_t i) const { return arguments_[i].tensor(); }
  Scalar number(size_t i) const { return arguments_[i].scalar(); }

 private:
  const Schema& schema_;
  std::vector<Value> arguments_;
  std::vector<Tensor> results_;
  std::vector<Tensor> gradients_;
};

}  // namespace engine::ops
