#include "engine/dispatch/refusals.h"

#include <fmt/format.h>

#include "engine/dispatch/operator_entry.h"
#include "engine/dispatch/table_text.h"

namespace engine {

namespace {

std::string keys_with_kernels(const OperatorEntry& entry) {
  std::string names;
  for (size_t slot = 0; slot < table_size; ++slot) {
    const Reason reason = entry.reason_at(slot);
    if (reason < Reason::missing && reason != Reason::ambiguous_autograd_other)
      names.append(names.empty() ? "" : ", ").append(name_of(table_keys()[slot]));
  }
  return names;
}

std::string_view why_undefined(KeySet keys) {
  if (keys.empty()) return ", because no argument is a tensor (or a list of tensors is empty)";
  return ", because every key of its arguments is excluded or falls through";
}

void refuse_missing(const Call& call, Stack&) {
  const DispatchKey key = call.keys.highest_key();
  const std::string_view why = key == DispatchKey::Undefined ? why_undefined(call.keys) : "";
  throw NotImplemented(fmt::format("{} has no kernel at {}{}. The call's keys: {}. Kernels are at: [{}].\n{}",
                                   call.entry.name(), name_of(key), why, to_string(call.keys),
                                   keys_with_kernels(call.entry), table_text(call.entry)),
                       key);
}

void refuse_ambiguous(const Call& call, Stack&) {
  throw Error(
      fmt::format("{} is ambiguous at AutogradOther for {}: it has a CompositeImplicitAutograd kernel, and "
                  "kernels at backends that share AutogradOther. Register a kernel at AutogradOther, or at "
                  "CompositeExplicitAutograd instead.\n{}",
                  call.entry.name(), to_string(call.keys), table_text(call.entry)),
      ErrorKind::internal);
}

void refuse_no_schema(const Call& call, Stack&) {
  throw Error(fmt::format("{} has no schema: it was never defined, or its definition was removed",
                          call.entry.name()));
}

Kernel refusal(BoxedFunction function) {
  Kernel kernel = Kernel::from_boxed(function);
  kernel.kind = KernelKind::refusal;
  return kernel;
}

}  // namespace

const Kernel& refusal_for(Reason reason) {
  static const Kernel missing = refusal(&refuse_missing);
  static const Kernel ambiguous = refusal(&refuse_ambiguous);
  static const Kernel no_schema = refusal(&refuse_no_schema);
  if (reason == Reason::ambiguous_autograd_other) return ambiguous;
  return reason == Reason::no_schema ? no_schema : missing;
}

}  // namespace engine
