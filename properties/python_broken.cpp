#include "properties/python_broken.h"

namespace properties {

namespace {

using engine::Call;
using engine::Kernel;
using engine::ThreadKeys;

void call_right(const Kernel& right, const Call& call, Stack& stack) {
  right.boxed(Call{call.entry, call.keys, right}, stack);
}
// With the right kernel at hand.
template <class Function>
Kernel broken(Kernel right, Function function) {
  return engine::boxed_kernel_of(
      [right = std::move(right), function](const Call& call, Stack& stack) { function(right, call, stack); });
}

}  // namespace

PythonFallbacks leaves_a_key() {
  PythonFallbacks all;
  all.python = broken(all.python, [](const Kernel& right, const Call& call, Stack& stack) {
    engine::set_excluded(DispatchKey::Tracer, true);
    call_right(right, call, stack);
    engine::set_excluded(DispatchKey::Tracer, false);
  });
  return all;
}

PythonFallbacks leaves_entry_keys() {
  PythonFallbacks all;
  all.entry_keys = broken(all.entry_keys, [](const Kernel& right, const Call& call, Stack& stack) {
    try {
      call_right(right, call, stack);
    } catch (...) {
      engine::entry_keys = engine::thread_keys;
      throw;
    }
  });
  return all;
}

PythonFallbacks keeps_the_defaults() {
  PythonFallbacks all;
  all.entry_keys = broken(all.entry_keys, [](const Kernel&, const Call& call, Stack& stack) {
    const std::optional<ThreadKeys> outer = std::exchange(engine::entry_keys, ThreadKeys());
    try {
      call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::PythonTLSSnapshot), stack);
    } catch (...) {
      engine::entry_keys = outer;
      throw;
    }
    engine::entry_keys = outer;
  });
  return all;
}

PythonFallbacks asks_twice() {
  PythonFallbacks all;
  all.python = broken(all.python, [](const Kernel& right, const Call& call, Stack& stack) {
    Stack first = stack;
    call_right(right, call, first);
    call_right(right, call, stack);
  });
  return all;
}
PythonFallbacks asks_a_wrapper(bool last) {
  PythonFallbacks all;
  all.python = broken(all.python, [last](const Kernel& right, const Call& call, Stack& stack) {
    engine::Interpreter* found = nullptr;
    for (const engine::Value& value : stack)
      engine::for_each_tensor(value, [&](const Tensor& tensor) {
        engine::Interpreter* const own = engine::interpreter_of(tensor);
        if (own && (last || !found)) found = own;
      });
    if (!found || found->dispatch(call, stack) != engine::Answer::done) call_right(right, call, stack);
  });
  return all;
}

PythonFallbacks passes_by_nobody() {
  PythonFallbacks all;
  all.python = broken(all.python, [](const Kernel&, const Call& call, Stack& stack) {
    call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::Python), stack);
  });
  return all;
}
PythonFallbacks excludes_nothing() {
  PythonFallbacks all;
  all.python = broken(all.python, [](const Kernel& right, const Call& call, Stack& stack) {
    const engine::ModeGuard* const top = engine::thread_modes.users;
    if (!top) return call_right(right, call, stack);
    const engine::ModesInstead others({.users = top->below(), .in_place = {}});
    top->mode().dispatch(call, stack);
  });
  return all;
}

PythonFallbacks skips_layers() {
  PythonFallbacks all;
  all.pre_dispatch = broken(all.pre_dispatch, [](const Kernel&, const Call& call, Stack& stack) {
    call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::ADInplaceOrView), stack);
  });
  return all;
}

}  // namespace properties
