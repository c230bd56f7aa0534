#include "engine/dispatch/operator.h"

#include <fmt/format.h>

#include <bit>

#include "engine/core/error.h"
#include "engine/dispatch/dispatcher.h"
#include "engine/dispatch/signature_check.h"

namespace engine {

Operator Call::op() const { return Operator(&entry); }
Dispatcher& Call::dispatcher() const { return entry.dispatcher(); }
const Schema& Call::schema() const { return entry.schema(); }

namespace {

[[noreturn]] [[gnu::cold]] void refuse_stack(const OperatorEntry& entry, size_t wanted, size_t there) {
  throw Error(fmt::format("{} takes {} arguments, and the stack has {} values", entry.name(), wanted, there),
              ErrorKind::type);
}

// What the last values on the stack contribute, where the schema says that they can.
inline KeySet argument_keys(const OperatorEntry& entry, const Stack& stack) {
  const Declaration* declared = entry.declaration();
  if (!declared) return {};
  if (stack.size() < declared->argument_count) [[unlikely]]
    refuse_stack(entry, declared->argument_count, stack.size());
  const Value* const first = stack.end() - declared->argument_count;
  KeySet keys;
  for (uint64_t left = declared->key_positions; left != 0; left &= left - 1) {
    const Value& value = first[std::countr_zero(left)];
    keys |= value.is_tensor() ? value.tensor().keys() : value.keys();
  }
  return keys;
}

}  // namespace

KeySet Operator::effective_keys(const Stack& stack) const {
  return entry_->effective(argument_keys(*entry_, stack), entry_->flags());
}

namespace {

void run(const OperatorEntry& entry, KeySet keys, Stack& stack) {
  const Kernel& kernel = entry.settled_kernel_at(keys);
  kernel.boxed(Call{entry, keys, kernel}, stack);
}

[[gnu::noinline]] void run_observed(const OperatorEntry& entry, KeySet keys, bool redispatch, Stack& stack) {
  ObservedCall observed(entry, keys, redispatch, true);
  observed.begin(observed.wants_values() ? &stack : nullptr);
  run(entry, keys, stack);
  observed.returned(observed.wants_values() ? &stack : nullptr);
}

}  // namespace

void Operator::call_boxed(Stack& stack) const {
  const uint8_t flags = entry_->flags();
  const KeySet keys = entry_->effective(argument_keys(*entry_, stack), flags);
  if (flags & observe_calls) [[unlikely]]
    return run_observed(*entry_, keys, false, stack);
  run(*entry_, keys, stack);
}

void Operator::redispatch_boxed(KeySet keys, Stack& stack) const {
  if (entry_->flags() & observe_redispatch) [[unlikely]]
    return run_observed(*entry_, keys, true, stack);
  run(*entry_, keys, stack);
}

void Operator::call_boxed_at(DispatchKey key, Stack& stack) const {
  const Kernel* kernel = dispatcher().own_kernel(*entry_, key);
  if (!kernel)
    throw Error(
        fmt::format("{} has no kernel of its own at {}, which has no fallback either", name(), name_of(key)),
        ErrorKind::not_implemented);
  kernel->boxed(Call{*entry_, KeySet(key), *kernel}, stack);
}

DispatchKey Operator::reached_key(KeySet keys) const {
  entry_->settled_kernel_at(keys);
  return keys.highest_key();
}

Reason Operator::reason_at(DispatchKey runtime_key) const {
  return entry_->reason_at(KeySet(runtime_key).table_index());
}

void Operator::check_signature(const CppSignature& signature) const {
  if (const std::string fault = signature_fault(schema(), signature); !fault.empty())
    throw Error(fmt::format("{} cannot be called as {}: {}. Its schema is {}", name(), to_string(signature),
                            fault, to_string(schema())),
                ErrorKind::type);
}

}  // namespace engine
