#include "engine/dispatch/name_index.h"

#include <xxhash.h>

namespace engine {

namespace {

size_t hash_of(std::string_view name) { return XXH3_64bits(name.data(), name.size()); }

}  // namespace

NameIndex::NameIndex() {
  tables_.push_back(std::make_unique<Table>(1024));
  current_.store(tables_.back().get(), std::memory_order_release);
}

OperatorEntry* NameIndex::find(std::string_view name) const {
  const Table& table = *current_.load(std::memory_order_acquire);
  const size_t last = table.slots.size() - 1;
  for (size_t at = hash_of(name) & last;; at = (at + 1) & last) {
    OperatorEntry* const entry = table.slots[at].load(std::memory_order_acquire);
    if (!entry || entry->name() == name) return entry;
  }
}

void NameIndex::put(Table& table, OperatorEntry* entry) {
  const size_t last = table.slots.size() - 1;
  size_t at = hash_of(entry->name()) & last;
  while (table.slots[at].load(std::memory_order_relaxed)) at = (at + 1) & last;
  table.slots[at].store(entry, std::memory_order_release);
}

void NameIndex::add(OperatorEntry* entry) {
  Table& table = *tables_.back();
  if (2 * ++count_ <= table.slots.size()) {
    put(table, entry);
    return;
  }
  auto larger = std::make_unique<Table>(2 * table.slots.size());
  for (const auto& slot : table.slots)
    if (OperatorEntry* moved = slot.load(std::memory_order_relaxed)) put(*larger, moved);
  put(*larger, entry);
  current_.store(larger.get(), std::memory_order_release);
  tables_.push_back(std::move(larger));
}

}  // namespace engine
