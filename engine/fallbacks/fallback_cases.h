// For tests: operators without kernels at a fallback's key, which record their arguments.
#pragma once

#include <gmock/gmock.h>

#include "engine/dispatch/library.h"
#include "engine/dispatch/probe_kernels_cases.h"
#include "engine/operator_cases.h"

namespace engine::fallbacks {

using ops::tensor_of;
using ops::values_of;
using Numbers = std::vector<double>;

inline constexpr KeySet lazy_bits{DispatchKey::ZeroTensor, DispatchKey::Negative, DispatchKey::Conjugate};

struct Fallback : testing::Test {
  // The kernel at CPU calls `act` with the arguments and returns the first `results` of them.
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
    return ops.all(name, std::move(arguments));
  }
  const Tensor& seen_tensor(size_t i) const { return seen[i].tensor(); }
  Tensor negated(const Tensor& tensor) { return tensor.toggled(DispatchKey::Negative); }

  ops::Operators ops;
  Library test{ops.dispatcher(), "test"};
  std::vector<Value> seen;  // by the last kernel that ran
};

inline Tensor zeros(IntSpan sizes, DType dtype = DType::f32) { return make_zero_tensor(dtype, sizes); }

}  // namespace engine::fallbacks
