#include "oracles/subjects/block_arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "engine/core/address_sanitizer.h"

namespace oracles {

namespace {

constexpr size_t region_bytes = size_t{512} << 20;
constexpr size_t step = 256, most_by_steps = 4096, most_bytes = size_t{1} << 20;
constexpr int freed_fill = 0xDD;

// Multiples of `step`, then powers of two.
size_t class_of(size_t bytes) {
  if (bytes <= most_by_steps) return (bytes + step - 1) / step;
  return most_by_steps / step + static_cast<size_t>(std::bit_width((bytes - 1) / most_by_steps));
}

size_t size_of_class(size_t index) {
  constexpr size_t steps = most_by_steps / step;
  return index <= steps ? index * step : most_by_steps << (index - steps);
}

void* from_malloc(size_t bytes) {
  void* const block = std::malloc(bytes);
  if (!block) throw std::bad_alloc();
  return block;
}

}  // namespace

BlockArena::~BlockArena() {
  if (region_) munmap(region_, region_bytes);
}

// Each arena of a process requests a different address, the same in every process.
void BlockArena::reserve() {
  static std::atomic<uintptr_t> next_address{uintptr_t{0x2000} << 32};
  void* const wanted = reinterpret_cast<void*>(next_address.fetch_add(region_bytes));
  void* const region =
      mmap(wanted, region_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (region == MAP_FAILED) throw std::bad_alloc();
  region_ = static_cast<char*>(region);
}

bool BlockArena::holds(const void* block) const {
  const char* const at = static_cast<const char*>(block);
  return region_ && at >= region_ && at < region_ + region_bytes;
}

void* BlockArena::take(size_t bytes) {
  if (engine::has_address_sanitizer || bytes > most_bytes) return from_malloc(bytes);
  const size_t size_class = class_of(bytes);
  if (Freed*& first = freed_[size_class]) {
    void* const block = first;
    first = first->next;
    return block;
  }
  if (!region_) reserve();
  const size_t size = size_of_class(size_class);
  if (size > region_bytes - used_) return from_malloc(size);
  void* const block = region_ + used_;
  used_ += size;
  return block;
}

void BlockArena::give_back(void* block, size_t bytes) {
  if (!holds(block)) return std::free(block);
  std::memset(block, freed_fill, bytes);
  const size_t size_class = class_of(bytes);
  auto* const freed = static_cast<Freed*>(block);
  freed->next = freed_[size_class];
  freed_[size_class] = freed;
}

}  // namespace oracles
