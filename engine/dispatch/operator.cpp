#include "engine/dispatch/operator.h"

#include <fmt/format.h>

#include "engine/core/error.h"
#include "engine/dispatch/dispatcher.h"
#include "engine/dispatch/signature_check.h"

namespace engine {

void Operator::refuse_stack(const OperatorEntry& entry, size_t size) {
  throw Error(fmt::format("{} takes {} arguments, and the stack has {} values", entry.name(),
                          entry.schema().arguments.size(), size),
              ErrorKind::type);
}

KeySet Operator::effective_keys(const Stack& stack) const {
  return entry_->effective(argument_keys(*entry_, stack), entry_->flags());
}

void Operator::run_observed(const OperatorEntry& entry, KeySet keys, Stack& stack) {
  const ObservedCall observed(entry, keys);
  run(entry, keys, stack);
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
