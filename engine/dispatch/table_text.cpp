#include "engine/dispatch/table_text.h"

#include <fmt/format.h>

#include "engine/dispatch/dispatcher.h"

namespace engine {

namespace {

std::string table_under_lock(const OperatorEntry& entry) {
  std::string text;
  for (size_t slot = 0; slot < table_size; ++slot) {
    const Resolution& resolution = entry.resolution_at(slot);
    if (resolution.reason == Reason::missing || resolution.reason == Reason::no_schema) continue;
    const Registered* const from = resolution.registered;
    const bool falls = from && from->kernel.kind == KernelKind::fallthrough;
    const std::string where = !from ? "no kernel" : from->where.empty() ? "somewhere" : from->where;
    text += fmt::format("{}: {}{} [{}]\n", name_of(table_keys()[slot]), falls ? "fallthrough " : "", where,
                        name_of(resolution.reason));
  }
  return text;
}

std::string state_under_lock(const OperatorEntry& entry) {
  const Declaration* const declared = entry.declaration();
  std::string text = fmt::format("name: {}\nschema: {}\ndefined at: {}\n", entry.name(),
                                 declared ? to_string(declared->schema) : "(none)",
                                 declared && !declared->where.empty() ? declared->where : "(unknown)");
  const auto describe = [&](DispatchKey key) {
    for (size_t i = entry.kernels().size(); i-- > 0;) {
      const Registered& registered = *entry.kernels()[i];
      if (registered.key != key) continue;
      const bool active = entry.newest()[static_cast<size_t>(key)] == &registered;
      text +=
          fmt::format("{}{}{}: {} [ boxed{} ]{}\n", name_of(key), is_alias(key) ? "[alias]" : "",
                      active ? "" : " (shadowed)", registered.where.empty() ? "somewhere" : registered.where,
                      registered.kernel.typed ? " typed" : "",
                      registered.kernel.kind == KernelKind::fallthrough ? " fallthrough" : "");
    }
  };
  for (DispatchKey key : table_keys()) describe(key);
  for (int alias = first_alias_key; alias < dispatch_key_count; ++alias)
    describe(static_cast<DispatchKey>(alias));
  return text;
}

}  // namespace

std::string table_text(const OperatorEntry& entry) {
  return entry.dispatcher().with_lock(entry, &table_under_lock);
}

std::string state_text(const OperatorEntry& entry) {
  return entry.dispatcher().with_lock(entry, &state_under_lock);
}

}  // namespace engine
