// For tests: a dispatcher with all operators, their derivatives and fallbacks, and tensors of numbers.
#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "engine/autograd/record.h"
#include "engine/backends/cpu/blocks.h"
#include "engine/dispatch/arguments_cases.h"
#include "engine/fallbacks/table.h"
#include "engine/ops/formulas.h"
#include "engine/ops/register_operators.h"

namespace engine::ops {

class Operators {
 public:
  Operators() : registrations_(register_operators(dispatcher_)) {
    for (Registration& each : autograd::register_autograd(dispatcher_))
      registrations_.push_back(std::move(each));
    for (Registration& each : fallbacks::register_fallbacks(dispatcher_))
      registrations_.push_back(std::move(each));
  }

  Stack all(std::string_view name, std::vector<Value> arguments, KeywordArguments keywords = {}) {
    const Operator op = dispatcher_.op(name);
    Stack stack = normalized(op.schema(), std::move(arguments), std::move(keywords));
    op.call_boxed(stack);
    return stack;
  }
  Tensor operator()(std::string_view name, std::vector<Value> arguments, KeywordArguments keywords = {}) {
    return all(name, std::move(arguments), std::move(keywords)).back().tensor();
  }
  Formulas formulas() { return Formulas(dispatcher_); }
  Dispatcher& dispatcher() { return dispatcher_; }

 private:
  Dispatcher dispatcher_;
  Registrations registrations_;
};

// Row-major values, cast.
inline Tensor tensor_of(DType dtype, IntSpan sizes, const std::vector<double>& values) {
  const Tensor made = make_tensor(dtype, sizes);
  cpu::store_block(dtype, made.data<std::byte>(), 1, ComputeType::f64,
                   reinterpret_cast<const std::byte*>(values.data()), made.element_count());
  return made;
}
inline std::vector<double> values_of(const Tensor& tensor) {
  std::vector<double> values;
  const auto width = static_cast<int64_t>(size_of(tensor.dtype()));
  for_each_position(tensor.sizes(), tensor.strides(), 0, [&](int64_t at) {
    double value = 0;
    cpu::load_block(ComputeType::f64, reinterpret_cast<std::byte*>(&value), tensor.dtype(),
                    tensor.data<std::byte>() + at * width, 1, 1);
    values.push_back(value);
  });
  return values;
}

}  // namespace engine::ops
