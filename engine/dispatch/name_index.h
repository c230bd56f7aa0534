// NameIndex: operators by qualified name, read without a lock while others add. Names are never taken out: an
// operator that comes back finds its entry again.
#pragma once

#include <atomic>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/dispatch/operator_entry.h"

namespace engine {

class NameIndex {
 public:
  NameIndex();
  OperatorEntry* find(std::string_view name) const;
  void add(OperatorEntry* entry);  // one thread at a time; the name is new

 private:
  struct Table {
    explicit Table(size_t size) : slots(size) {}
    std::vector<std::atomic<OperatorEntry*>> slots;  // open addressing, a power of two
  };
  static void put(Table& table, OperatorEntry* entry);

  std::atomic<const Table*> current_;
  std::vector<std::unique_ptr<Table>> tables_;  // outgrown ones are kept: somebody may still be reading
  size_t count_ = 0;
};

}  // namespace engine
