#include "oracles/subjects/spare_blocks.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "engine/core/address_sanitizer.h"

namespace oracles {

namespace {

constexpr int freed = 0xDD;

}  // namespace

SpareBlocks::~SpareBlocks() {
  for (Shelf& shelf : shelves_)
    while (Spare* const spare = shelf.first) {
      shelf.first = spare->next;
      std::free(spare);
    }
}

void* SpareBlocks::take(size_t bytes) {
  const size_t steps = (bytes + step - 1) / step;
  if (steps < shelves_.size() && shelves_[steps].first) {
    Shelf& shelf = shelves_[steps];
    Spare* const spare = shelf.first;
    shelf.first = spare->next;
    --shelf.count;
    return spare;
  }
  void* const block = std::malloc(engine::has_address_sanitizer ? bytes : steps * step);
  if (!block) throw std::bad_alloc();
  return block;
}

void SpareBlocks::give_back(void* block, size_t bytes) {
  const size_t steps = (bytes + step - 1) / step;
  if (engine::has_address_sanitizer || steps >= shelves_.size() || shelves_[steps].count == most_kept) {
    std::free(block);
    return;
  }
  std::memset(block, freed, steps * step);
  Shelf& shelf = shelves_[steps];
  auto* const spare = static_cast<Spare*>(block);
  spare->next = shelf.first;
  shelf.first = spare;
  ++shelf.count;
}

}  // namespace oracles
