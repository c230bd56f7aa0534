// Dispatchers with one mistake: a wrong kernel at a key, for every operator that the key's fallback serves,
// or for some operators.
#pragma once

#include "engine/ops/register_operators.h"
#include "engine/ops/resolve.h"
#include "oracles/planted/engine/engine_plant.h"
#include "properties/engine_world.h"

namespace properties {

using engine::Call;
using engine::DispatchKey;
using engine::Kernel;
using engine::Stack;
using engine::Tensor;
using engine::Value;
using oracles::call_kernel;

using Wrong = oracles::WrongKernel;
using Wants = std::function<bool(const engine::Operator&)>;

template <DispatchKey key>
bool has_fallback(const engine::Operator& op) {
  return op.reason_at(key) == engine::Reason::backend_fallback;
}
inline Wants named(std::string_view name) {
  return [name](const engine::Operator& op) { return op.name() == name; };
}
inline bool is_view_of_form(std::string_view op, engine::ops::Form form) {
  const engine::ops::DeclaredForm declared = engine::ops::declared_form(op);
  return declared.declaration && declared.declaration->kind == engine::ops::OperatorKind::view &&
         declared.form == form;
}
inline bool is_declared_view(const engine::Operator& op) {
  return is_view_of_form(op.name(), engine::ops::Form::functional);
}

// The engine with `wrong` at `key`, for the operators that `wants` accepts.
template <DispatchKey key>
NamedWorld<EngineWorld> wrong_at(std::string_view mistake, Wrong wrong,
                                 const Wants& wants = has_fallback<key>) {
  return engine_with(mistake, [=](engine::Dispatcher& dispatcher) {
    engine::Registrations made;
    for (const engine::Operator& op : dispatcher.operators())
      if (op.has_schema() && wants(op))
        made.push_back(oracles::replace_kernel(dispatcher, op.name(), key, wrong));
    return made;
  });
}

inline std::span<Value> arguments_of(const Call& call, Stack& stack) {
  return stack.last(call.schema().arguments.size());
}
inline void pass_on(const Call& call, Stack& stack, DispatchKey key) {
  call.op().redispatch_boxed(call.keys & engine::KeySet::full_after(key), stack);
}

// Replaces each tensor that has the key by make(tensor), whether the call writes it or not, in the arguments
// for which takes(index, argument) is true. Then passes the call on.
template <class Make, class Takes>
void substitute(const Call& call, Stack& stack, DispatchKey key, const Make& make, const Takes& takes) {
  const std::span<Value> arguments = arguments_of(call, stack);
  for (size_t i = 0; i < arguments.size(); ++i)
    if (takes(i, arguments[i]))
      engine::ops::replace_tensors(
          arguments[i], [&](const Tensor& tensor) { return tensor.keys().has(key); }, make);
  pass_on(call, stack, key);
}
template <class Make>
void substitute(const Call& call, Stack& stack, DispatchKey key, const Make& make) {
  substitute(call, stack, key, make, [](size_t, const Value&) { return true; });
}
inline bool is_no_optional_list(size_t, const Value& argument) {
  return !argument.is(engine::ValueTag::optional_tensors);
}

}  // namespace properties
