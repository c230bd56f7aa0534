#include "properties/python_mistakes.h"

#include "engine/python/entry_keys.h"
#include "engine/python/modes.h"
#include "engine/python/pass_through.h"
#include "properties/over_fallback.h"

namespace properties {

namespace {

using engine::Call;
using engine::DispatchKey;
using engine::Kernel;
using engine::KeySet;
using engine::Stack;
using engine::Tensor;
using oracles::call_kernel;

template <DispatchKey key>
engine::Registrations over(engine::Dispatcher& dispatcher, Wrong wrong) {
  return put_over(dispatcher, key, has_fallback<key>, wrong);
}

template <bool last>
void call_a_wrapper(const Kernel& right, const Call& call, Stack& stack) {
  engine::Interpreter* found = nullptr;
  for (const engine::Value& value : stack)
    engine::for_each_tensor(value, [&](const Tensor& tensor) {
      engine::Interpreter* const own = engine::interpreter_of(tensor);
      if (own && (last || !found)) found = own;
    });
  if (!found || found->dispatch(call, stack) != engine::Answer::done) call_kernel(right, call, stack);
}

}  // namespace

engine::Registrations leaves_a_key(engine::Dispatcher& dispatcher) {
  return over<DispatchKey::Python>(dispatcher, [](const Kernel& right, const Call& call, Stack& stack) {
    engine::set_excluded(DispatchKey::Tracer, true);
    call_kernel(right, call, stack);
    engine::set_excluded(DispatchKey::Tracer, false);
  });
}

engine::Registrations leaves_entry_keys(engine::Dispatcher& dispatcher) {
  return over<DispatchKey::PythonTLSSnapshot>(dispatcher,
                                              [](const Kernel& right, const Call& call, Stack& stack) {
                                                try {
                                                  call_kernel(right, call, stack);
                                                } catch (...) {
                                                  engine::entry_keys = engine::thread_keys;
                                                  throw;
                                                }
                                              });
}

engine::Registrations keeps_the_defaults(engine::Dispatcher& dispatcher) {
  return over<DispatchKey::PythonTLSSnapshot>(dispatcher, [](const Kernel&, const Call& call, Stack& stack) {
    const auto outer = std::exchange(engine::entry_keys, engine::ThreadKeys());
    try {
      pass_on(call, stack, DispatchKey::PythonTLSSnapshot);
    } catch (...) {
      engine::entry_keys = outer;
      throw;
    }
    engine::entry_keys = outer;
  });
}

engine::Registrations calls_twice(engine::Dispatcher& dispatcher) {
  return over<DispatchKey::Python>(dispatcher, [](const Kernel& right, const Call& call, Stack& stack) {
    Stack first = stack;
    call_kernel(right, call, first);
    call_kernel(right, call, stack);
  });
}

engine::Registrations calls_the_first_wrapper(engine::Dispatcher& dispatcher) {
  return over<DispatchKey::Python>(dispatcher, call_a_wrapper<false>);
}
engine::Registrations calls_the_last_wrapper(engine::Dispatcher& dispatcher) {
  return over<DispatchKey::Python>(dispatcher, call_a_wrapper<true>);
}

engine::Registrations passes_on_without_one(engine::Dispatcher& dispatcher) {
  return over<DispatchKey::Python>(dispatcher, [](const Kernel&, const Call& call, Stack& stack) {
    pass_on(call, stack, DispatchKey::Python);
  });
}

engine::Registrations excludes_nothing(engine::Dispatcher& dispatcher) {
  return over<DispatchKey::Python>(dispatcher, [](const Kernel& right, const Call& call, Stack& stack) {
    const engine::ModeGuard* const top = engine::thread_modes.users;
    if (!top) return call_kernel(right, call, stack);
    const engine::ModesInstead others({.users = top->below(), .in_place = {}});
    top->mode().dispatch(call, stack);
  });
}

engine::Registrations skips_layers(engine::Dispatcher& dispatcher) {
  return over<DispatchKey::PreDispatch>(dispatcher, [](const Kernel&, const Call& call, Stack& stack) {
    pass_on(call, stack, DispatchKey::ADInplaceOrView);
  });
}

}  // namespace properties
