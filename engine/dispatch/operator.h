// Operator: a handle to one operator of one dispatcher, and the three ways to call it: with a stack, with C++
// types, and as a redispatch with given keys. A handle is one pointer, valid as long as its dispatcher.
//   Operator add = dispatcher.op("aten::add.Tensor");
//   add.typed<Tensor(const Tensor&, const Tensor&, const Scalar&)>().call(a, b, 1);
// Promises: boxed and typed calls use the same keys and reach the same kernel; a call that throws leaves the
// thread's keys and the depth of the stack unchanged. Refuses a C++ signature that does not fit the schema.
#pragma once

#include <bit>
#include <optional>
#include <string>

#include "engine/dispatch/boxing.h"
#include "engine/dispatch/observer.h"

namespace engine {

// The slow path of a typed call: a boxed kernel, a different C++ signature, a refusal or a fallthrough.
template <class R, class... Args>
[[gnu::noinline]] R call_slowly(const OperatorEntry& entry, KeySet keys,
                                std::remove_reference_t<Args>&... args) {
  const Kernel& kernel = entry.settled_kernel_at(keys);
  const Call call{entry, keys, kernel};
  if (kernel.signature == &signature_of<R(Args...)>)
    return reinterpret_cast<R (*)(const Call&, Args...)>(kernel.typed)(call, static_cast<Args&&>(args)...);
  return call_through_stack<R, Args...>(call, args...);
}

template <class R, class... Args>
[[gnu::noinline]] R call_observed(const OperatorEntry& entry, KeySet keys,
                                  std::remove_reference_t<Args>&... args) {
  const ObservedCall observed(entry, keys);
  return call_slowly<R, Args...>(entry, keys, args...);
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
      return call_observed<R, Args...>(*entry_, keys, args...);
    return redispatch(keys, std::forward<Args>(args)...);
  }

  // Uses `keys` alone, not those of the arguments or the thread.
  R redispatch(KeySet keys, Args... args) const {
    const Kernel& kernel = entry_->kernel_at(keys);
    if (kernel.signature != &signature_of<R(Args...)>) [[unlikely]]
      return call_slowly<R, Args...>(*entry_, keys, args...);
    return reinterpret_cast<R (*)(const Call&, Args...)>(kernel.typed)(Call{*entry_, keys, kernel},
                                                                       std::forward<Args>(args)...);
  }

 private:
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
  // Of the results. An operator without a definition has `undeclared`.
  const Accuracy& accuracy() const {
    const Declaration* declaration = entry_->declaration();
    return declaration ? declaration->accuracy : accuracy::undeclared;
  }
  bool operator==(const Operator&) const = default;

  // Throws Error(type) if the signature does not fit the schema.
  template <class Signature>
  TypedOperator<Signature> typed() const {
    check_signature(signature_of<Signature>);
    return TypedOperator<Signature>(entry_);
  }

  // The arguments are the last values on the stack; the results replace them. Inline, so that the call ends
  // in one jump into the kernel.
  void call_boxed(Stack& stack) const {
    const uint8_t flags = entry_->flags();
    const KeySet keys = entry_->effective(argument_keys(*entry_, stack), flags);
    if (flags & observe_calls) [[unlikely]]
      return run_observed(*entry_, keys, stack);
    run(*entry_, keys, stack);
  }
  // Uses `exact_keys` alone, not those of the arguments or the thread.
  void redispatch_boxed(KeySet exact_keys, Stack& stack) const { run(*entry_, exact_keys, stack); }

  // The keys that decide a boxed call with these arguments.
  KeySet effective_keys(const Stack& stack) const;
  Reason reason_at(DispatchKey runtime_key) const;

 private:
  void check_signature(const CppSignature& signature) const;

  // Static, so that the address of a handle is not taken and it can live in a register.
  [[noreturn]] static void refuse_stack(const OperatorEntry& entry, size_t size);
  static void run_observed(const OperatorEntry& entry, KeySet keys, Stack& stack);
  static void run(const OperatorEntry& entry, KeySet keys, Stack& stack) {
    const Kernel& kernel = entry.settled_kernel_at(keys);
    kernel.boxed(Call{entry, keys, kernel}, stack);
  }
  // The keys of those arguments that can have keys by the schema.
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
