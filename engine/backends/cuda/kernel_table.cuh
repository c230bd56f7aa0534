// Kernel tables: the launches of each functor. A functor is known by its tag.
#pragma once

#include <array>
#include <vector>

#include "engine/backends/cuda/walk.h"
#include "engine/kernels/compute_type.h"
#include "engine/kernels/functors/kernel_list.h"

namespace engine::ENGINE_MACHINE {

template <class Walk>
struct KernelEntry {
  const void* functor = nullptr;
  // By compute type; null where it is not compiled. Row kernels compute in f64 only.
  std::array<void (*)(const Walk&), compute_type_count> launches{};
};
template <class Walk>
using KernelTable = std::vector<KernelEntry<Walk>>;

// Adds every functor of a list, by the add_entry() of its kind of kernel.
template <class Walk, class... Entries>
void add_entries(KernelTable<Walk>& table, KernelList<Entries...>) {
  (add_entry(table, Entries{}), ...);
}
template <class Walk, class... Lists>
KernelTable<Walk> table_of(Lists... lists) {
  KernelTable<Walk> table;
  (add_entries(table, lists), ...);
  return table;
}

}  // namespace engine::ENGINE_MACHINE
