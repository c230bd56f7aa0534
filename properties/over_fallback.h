// Puts a mistake over the fallback of a key: a kernel of its own at that key, for every operator that the
// fallback serves, or for some.
#pragma once

#include "engine/ops/register_operators.h"
#include "engine/ops/resolve.h"
#include "oracles/planted/engine/engine_plant.h"

namespace properties {

using Wants = bool (*)(const engine::Operator&);
using Wrong = oracles::WrongKernel;

template <engine::DispatchKey key>
bool has_fallback(const engine::Operator& op) {
  return op.reason_at(key) == engine::Reason::backend_fallback;
}
inline bool is_declared_view(const engine::Operator& op) {
  const engine::ops::DeclaredForm declared = engine::ops::declared_form(op.name());
  return declared.declaration && declared.declaration->kind == engine::ops::OperatorKind::view &&
         declared.form == engine::ops::Form::functional;
}
inline engine::Registrations put_over(engine::Dispatcher& dispatcher, std::string_view name,
                                      engine::DispatchKey key, Wrong wrong) {
  engine::Registrations made;
  made.push_back(oracles::replace_kernel(dispatcher, name, key, wrong));
  return made;
}
inline engine::Registrations put_over(engine::Dispatcher& dispatcher, engine::DispatchKey key, Wants wants,
                                      Wrong wrong) {
  engine::Registrations made;
  for (const engine::Operator& op : dispatcher.operators())
    if (op.has_schema() && wants(op))
      for (engine::Registration& each : put_over(dispatcher, op.name(), key, wrong))
        made.push_back(std::move(each));
  return made;
}

inline void pass_on(const engine::Call& call, engine::Stack& stack, engine::DispatchKey key) {
  call.op().redispatch_boxed(call.keys & engine::KeySet::full_after(key), stack);
}

// Replaces each tensor with the key by make(tensor), written or not, in the arguments for which takes(i) is
// true, and passes the call on.
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

}  // namespace properties
