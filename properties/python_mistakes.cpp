#include "properties/python_mistakes.h"

#include <utility>

#include "engine/python/entry_keys.h"
#include "engine/python/modes.h"
#include "engine/python/pass_through.h"

namespace properties {

namespace {

template <bool last>
void call_a_wrapper(const Kernel& right, const Call& call, Stack& stack) {
  engine::Interpreter* found = nullptr;
  for (const Value& value : stack)
    engine::for_each_tensor(value, [&](const Tensor& tensor) {
      engine::Interpreter* const own = engine::interpreter_of(tensor);
      if (own && (last || !found)) found = own;
    });
  if (!found || found->dispatch(call, stack) != engine::Answer::done) call_kernel(right, call, stack);
}

}  // namespace

void leaves_a_key(const Kernel& right, const Call& call, Stack& stack) {
  engine::set_excluded(DispatchKey::Tracer, true);
  call_kernel(right, call, stack);
  engine::set_excluded(DispatchKey::Tracer, false);
}

void leaves_entry_keys(const Kernel& right, const Call& call, Stack& stack) {
  try {
    call_kernel(right, call, stack);
  } catch (...) {
    engine::entry_keys = engine::thread_keys;
    throw;
  }
}

void keeps_the_defaults(const Kernel&, const Call& call, Stack& stack) {
  const auto outer = std::exchange(engine::entry_keys, engine::ThreadKeys());
  try {
    pass_on(call, stack, DispatchKey::PythonTLSSnapshot);
  } catch (...) {
    engine::entry_keys = outer;
    throw;
  }
  engine::entry_keys = outer;
}

void calls_twice(const Kernel& right, const Call& call, Stack& stack) {
  Stack first = stack;
  call_kernel(right, call, first);
  call_kernel(right, call, stack);
}

void calls_the_first_wrapper(const Kernel& right, const Call& call, Stack& stack) {
  call_a_wrapper<false>(right, call, stack);
}
void calls_the_last_wrapper(const Kernel& right, const Call& call, Stack& stack) {
  call_a_wrapper<true>(right, call, stack);
}

void skips_python(const Kernel&, const Call& call, Stack& stack) {
  pass_on(call, stack, DispatchKey::Python);
}

void excludes_nothing(const Kernel& right, const Call& call, Stack& stack) {
  const engine::ModeGuard* const top = engine::thread_modes.users;
  if (!top) return call_kernel(right, call, stack);
  const engine::ModesInstead others({.users = top->below(), .in_place = {}});
  top->mode().dispatch(call, stack);
}

void skips_layers(const Kernel&, const Call& call, Stack& stack) {
  pass_on(call, stack, DispatchKey::ADInplaceOrView);
}

}  // namespace properties
