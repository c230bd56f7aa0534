// NameIndex: operators by qualified name. Threads may look up names without a lock while one thread adds
// names. Names are never removed: an operator that is defined again gets its old entry.
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
  void add(OperatorEntry* entry);  // by one thread at a time; the name must be new

 private:
  struct Table {
    explicit Table(size_t size) : slots(size) {}
    std::vector<std::atomic<OperatorEntry*>> slots;  // open addressing; the size is a power of two
  };
  static void put(Table& table, OperatorEntry* entry);

  std::atomic<const Table*> current_;
  std::vector<std::unique_ptr<Table>> tables_;  // outgrown tables are kept, because a thread may read one
  size_t count_ = 0;
};

}  // namespace engine
