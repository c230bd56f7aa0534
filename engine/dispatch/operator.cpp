#include "engine/dispatch/operator.h"

#include <fmt/format.h>

#include "engine/core/error.h"
#include "engine/dispatch/dispatcher.h"
#include "engine/dispatch/signature_check.h"

namespace engine {

Operator Call::op() const { return Operator(&entry); }
Dispatcher& Call::dispatcher() const { return entry.dispatcher(); }
const Schema& Call::schema() const { return entry.schema(); }

void Operator::refuse_stack(const OperatorEntry& entry, size_t there) {
  throw Error(fmt::format("{} takes {} arguments, and the stack has {} values", entry.name(),
                          entry.schema().arguments.size(), there),
              ErrorKind::type);
}

KeySet Operator::effective_keys(const Stack& stack) const {
  return entry_->effective(argument_keys(*entry_, stack), entry_->flags());
}

void Operator::run_observed(const OperatorEntry& entry, KeySet keys, bool redispatch, Stack& stack) {
  ObservedCall observed(entry, keys, redispatch, true);
  observed.begin(observed.wants_values() ? &stack : nullptr);
  run(entry, keys, stack);
  observed.returned(observed.wants_values() ? &stack : nullptr);
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
