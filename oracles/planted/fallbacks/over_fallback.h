// For broken fallbacks: how a mistake is put over the fallback of a key, and what a hurried author would
// write.
#pragma once

#include "engine/dispatch/boxing.h"
#include "engine/ops/register_operators.h"
#include "engine/ops/resolve.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

using Wants = bool (*)(const engine::Operator&);
// Serves a call in the place of the right kernel, which it may ask.
using Wrong = void (*)(const engine::Kernel& right, const engine::Call& call, engine::Stack& stack);

struct Over {
  engine::Kernel right;
  Wrong wrong;
  void operator()(const engine::Call& call, engine::Stack& stack) const { wrong(right, call, stack); }
};

// Where nothing is said of operators: all that the fallback serves.
template <engine::DispatchKey key>
bool has_fallback(const engine::Operator& op) {
  return op.reason_at(key) == engine::Reason::backend_fallback;
}
inline bool is_view(const engine::Operator& op) {
  const engine::ops::DeclaredForm declared = engine::ops::declared_form(op.name());
  return declared.declaration && declared.declaration->kind == engine::ops::OperatorKind::view &&
         declared.form == engine::ops::Form::functional;
}

inline engine::Registrations put_over(engine::Dispatcher& dispatcher, engine::DispatchKey key, Wants wants,
                                      Wrong wrong) {
  engine::Registrations made;
  for (const engine::Operator& op : dispatcher.operators())
    if (op.has_schema() && wants(op))
      made.push_back(dispatcher.implement(
          op.name(), key, engine::boxed_kernel_of(Over{right_kernel(dispatcher, op.name(), key), wrong}),
          "broken"));
  return made;
}

inline void pass_on(const engine::Call& call, engine::Stack& stack, engine::DispatchKey key) {
  call.op().redispatch_boxed(call.keys & engine::KeySet::full_after(key), stack);
}

// Takes make(tensor) for each tensor with the key in the arguments for which takes(i) is true, written or
// not, and passes the call on.
template <class Make, class Takes>
void substitute(const engine::Call& call, engine::Stack& stack, engine::DispatchKey key, const Make& make,
                const Takes& takes) {
  const std::span<engine::Value> arguments = stack.last(call.schema().arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i)
    if (takes(i))
      engine::ops::replace_tensors(
          arguments[i], [&](const engine::Tensor& tensor) { return tensor.keys().has(key); }, make);
  pass_on(call, stack, key);
}
template <class Make>
void substitute(const engine::Call& call, engine::Stack& stack, engine::DispatchKey key, const Make& make) {
  substitute(call, stack, key, make, [](size_t) { return true; });
}

}  // namespace oracles
