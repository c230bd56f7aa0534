// For tests of the dispatcher: kernels that record that they ran, and a dispatcher with fallthroughs.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/dispatch/dispatcher.h"

namespace engine {

inline std::vector<std::string>& visits() {
  static thread_local std::vector<std::string> names;
  return names;
}
inline std::vector<std::string> take_visits() { return std::exchange(visits(), {}); }

using Unary = Tensor(const Tensor&);

// Returns its argument.
inline Kernel visiting(std::string name) {
  return kernel_of([name = std::move(name)](const Tensor& self) -> Tensor {
    visits().push_back(name);
    return self;
  });
}
inline Kernel visiting_boxed(std::string name) {
  return boxed_kernel_of([name = std::move(name)](const Call&, Stack&) { visits().push_back(name); });
}
// Redispatches below its own key.
inline Kernel passing_on(std::string name, DispatchKey key) {
  return boxed_kernel_of([name = std::move(name), key](const Call& call, Stack& stack) {
    visits().push_back(name);
    call.op().redispatch_boxed(call.keys & KeySet::full_after(key), stack);
  });
}

inline Tensor on(DeviceType device) { return make_tensor(DType::f32, {2}, device); }

template <class F>
std::string error_of(F&& run) {
  try {
    run();
  } catch (const Error& error) {
    return std::string(name_of(error.kind())) + ": " + error.what();
  }
  return "no error";
}

// A dispatcher with the fallthrough fallbacks that PyTorch's main registers.
struct WithFallthroughs {
  Dispatcher dispatcher;
  Registrations kept;

  WithFallthroughs() {
    for (DispatchKey key :
         {DispatchKey::BackendSelect, DispatchKey::ADInplaceOrView, DispatchKey::AutogradOther,
          DispatchKey::AutogradCPU, DispatchKey::AutogradMeta, DispatchKey::AutogradCUDA})
      for (Registration& each : dispatcher.fallback(key, Kernel::fallthrough())) keep(std::move(each));
  }
  void keep(Registration registration) { kept.push_back(std::move(registration)); }
  void define(std::string_view schema) { keep(dispatcher.define(schema, "test")); }
  void implement(std::string_view name, DispatchKey key, Kernel kernel) {
    keep(dispatcher.implement(name, key, std::move(kernel), "test"));
  }
};

}  // namespace engine
