// Operator: a handle to one operator of one dispatcher, and the three ways to call it: with a stack, with C++
// types, and going on below a key. A handle is one pointer and stays valid as long as its dispatcher.
//   Operator add = dispatcher.op("aten::add.Tensor");
//   add.typed<Tensor(const Tensor&, const Tensor&, const Scalar&)>().call(a, b, 1);
// Promises: boxed and typed calls go by the same keys to the same kernel; a call that throws leaves the
// thread's keys and the depth of the stack as they were. Refuses a C++ signature that is not the schema's.
#pragma once

#include <bit>
#include <optional>
#include <string>

#include "engine/dispatch/boxing.h"
#include "engine/dispatch/observer.h"

namespace engine {

// The rare cases of a typed call: a boxed kernel, another C++ signature, a refusal, a fallthrough.
template <class R, class... Args>
[[gnu::noinline]] R call_otherwise(const OperatorEntry& entry, KeySet keys,
                                   std::remove_reference_t<Args>&... args) {
  const Kernel& kernel = entry.settled_kernel_at(keys);
  const Call call{entry, keys, kernel};
  if (kernel.signature == &signature_of<R(Args...)>)
    return reinterpret_cast<R (*)(const Call&, Args...)>(kernel.typed)(call, static_cast<Args&&>(args)...);
  return call_through_stack<R, Args...>(call, args...);
}

template <class R, class... Args>
[[gnu::noinline]] R call_observed(const OperatorEntry& entry, KeySet keys, bool redispatch,
                                  std::remove_reference_t<Args>&... args) {
  ObservedCall observed(entry, keys, redispatch, false);
  Stack inputs;
  if (observed.wants_values()) inputs = stack_of(std::as_const(args)...);
  observed.begin(observed.wants_values() ? &inputs : nullptr);
  if constexpr (std::is_void_v<R>) {
    call_otherwise<R, Args...>(entry, keys, args...);
    observed.returned(nullptr);
  } else {
    R result = call_otherwise<R, Args...>(entry, keys, args...);
    Stack outputs;
    if (observed.wants_values())
      replace_arguments<const std::remove_reference_t<R>&>(outputs, 0, std::as_const(result));
    observed.returned(observed.wants_values() ? &outputs : nullptr);
    return static_cast<R>(result);
  }
}

template <class Signature>
class TypedOperator;
template <class R, class... Args>
class TypedOperator<R(Args...)> {
 public:
  explicit TypedOperator(const OperatorEntry* entry) : entry_(entry) {}

  R call(Args... args) const {
    const uint8_t flags = entry_->flags();
    const KeySet keys = entry_->effective(keys_of(args...), flags);
    if (flags & observe_calls) [[unlikely]]
      return call_observed<R, Args...>(*entry_, keys, false, args...);
    return call_at(keys, std::forward<Args>(args)...);
  }

  // Goes by `keys` alone: not by the arguments' keys, nor the thread's.
  R redispatch(KeySet keys, Args... args) const {
    if (entry_->flags() & observe_redispatch) [[unlikely]]
      return call_observed<R, Args...>(*entry_, keys, true, args...);
    return call_at(keys, std::forward<Args>(args)...);
  }

  const OperatorEntry& entry() const { return *entry_; }

 private:
  R call_at(KeySet keys, Args... args) const {
    const Kernel& kernel = entry_->kernel_at(keys);
    if (kernel.signature != &signature_of<R(Args...)>) [[unlikely]]
      return call_otherwise<R, Args...>(*entry_, keys, args...);
    return reinterpret_cast<R (*)(const Call&, Args...)>(kernel.typed)(Call{*entry_, keys, kernel},
                                                                       std::forward<Args>(args)...);
  }

  const OperatorEntry* entry_;
};

class Operator {
 public:
  explicit Operator(const OperatorEntry* entry) : entry_(entry) {}

  const OperatorEntry& entry() const { return *entry_; }
  const std::string& name() const { return entry_->name(); }
  Dispatcher& dispatcher() const { return entry_->dispatcher(); }
  bool has_schema() const { return entry_->declaration() != nullptr; }
  const Schema& schema() const { return entry_->schema(); }
  // Of the results; of an operator without a definition `undeclared`.
  const Accuracy& accuracy() const {
    const Declaration* declaration = entry_->declaration();
    return declaration ? declaration->accuracy : accuracy::undeclared;
  }
  bool operator==(const Operator&) const = default;

  // Error(type) when the signature is not that of the schema.
  template <class Signature>
  TypedOperator<Signature> typed() const {
    check_signature(signature_of<Signature>);
    return TypedOperator<Signature>(entry_);
  }

  // The arguments are the last values on the stack; the results replace them.
  // Inline, as a typed call is: it ends in one jump into the kernel.
  void call_boxed(Stack& stack) const {
    const uint8_t flags = entry_->flags();
    const KeySet keys = entry_->effective(argument_keys(*entry_, stack), flags);
    if (flags & observe_calls) [[unlikely]]
      return run_observed(*entry_, keys, false, stack);
    run(*entry_, keys, stack);
  }
  void redispatch_boxed(KeySet keys, Stack& stack) const {
    if (entry_->flags() & observe_redispatch) [[unlikely]]
      return run_observed(*entry_, keys, true, stack);
    run(*entry_, keys, stack);
  }
  // The kernel registered for this very key, else the key's fallback: never an alias', never observed.
  void call_boxed_at(DispatchKey key, Stack& stack) const;

  // The keys by which a boxed call with these arguments would go.
  KeySet effective_keys(const Stack& stack) const;
  // What a call with these keys reaches: the key after fallthroughs, and why.
  DispatchKey reached_key(KeySet keys) const;
  Reason reason_at(DispatchKey runtime_key) const;

 private:
  void check_signature(const CppSignature& signature) const;

  // Static, so that a handle whose calls are inline can live in a register.
  [[noreturn]] static void refuse_stack(const OperatorEntry& entry, size_t there);
  static void run_observed(const OperatorEntry& entry, KeySet keys, bool redispatch, Stack& stack);
  static void run(const OperatorEntry& entry, KeySet keys, Stack& stack) {
    const Kernel& kernel = entry.settled_kernel_at(keys);
    kernel.boxed(Call{entry, keys, kernel}, stack);
  }
  // What the last values on the stack contribute, where the schema says that they can.
  static KeySet argument_keys(const OperatorEntry& entry, const Stack& stack) {
    const Declaration* const declared = entry.declaration();
    if (!declared) [[unlikely]]
      return {};
    if (stack.size() < declared->argument_count) [[unlikely]]
      refuse_stack(entry, stack.size());
    const Value* const first = stack.end() - declared->argument_count;
    KeySet keys;
    for (uint64_t left = declared->key_positions; left != 0; left &= left - 1)
      keys |= first[std::countr_zero(left)].keys();
    return keys;
  }

  const OperatorEntry* entry_;
};

}  // namespace engine
