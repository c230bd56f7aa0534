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
    text += fmt::format("{}: {}{} [{}]\n", name_of(table_keys()[slot]), falls ? "fallthrough " : "",
                        from ? from->where : "no kernel", name_of(resolution.reason));
  }
  return text;
}

}  // namespace

std::string table_text(const OperatorEntry& entry) {
  return entry.dispatcher().with_lock(entry, &table_under_lock);
}

}  // namespace engine
