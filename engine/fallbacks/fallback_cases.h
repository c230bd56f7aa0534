// For tests: operators without kernels of their own at any fallback's key, which tell what they were given.
#pragma once

#include <gmock/gmock.h>

#include "engine/dispatch/library.h"
#include "engine/operator_cases.h"

namespace engine::fallbacks {

using ops::tensor_of;
using ops::values_of;
using Numbers = std::vector<double>;

inline constexpr KeySet lazy_bits{DispatchKey::ZeroTensor, DispatchKey::Negative, DispatchKey::Conjugate};

struct Fallback : testing::Test {
  // A kernel at CPU that does `act` with the call's arguments and pops all but the first `results` of them.
  template <class Act>
  void define(std::string_view schema, size_t results, Act act) {
    test.def(schema);
    test.impl(std::string(schema.substr(0, schema.find('('))), DispatchKey::CPU,
              boxed_kernel_of([this, act, results](const Call& call, Stack& stack) {
                const std::span<Value> values = stack.last(call.schema().arguments.size());
                seen.assign(values.begin(), values.end());
                act(values);
                stack.drop(values.size() - results);
              }));
  }
  void define(std::string_view schema, size_t results = 1) {
    define(schema, results, [](std::span<Value>) {});
  }

  Stack call(std::string_view name, std::vector<Value> arguments) {
    Stack stack = normalized(ops.dispatcher().op(name).schema(), std::move(arguments), {});
    ops.dispatcher().op(name).call_boxed(stack);
    return stack;
  }
  std::string error_of(std::string_view name, std::vector<Value> arguments) {
    try {
      call(name, std::move(arguments));
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  const Tensor& seen_tensor(size_t i) const { return seen[i].tensor(); }
  Tensor negated(const Tensor& tensor) { return tensor.toggled(DispatchKey::Negative); }

  ops::Operators ops;
  Library test{ops.dispatcher(), "test"};
  std::vector<Value> seen;  // by the last kernel that ran
};

inline Tensor zeros(IntSpan sizes, DType dtype = DType::f32) { return make_zero_tensor(dtype, sizes); }

}  // namespace engine::fallbacks
