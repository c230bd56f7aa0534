#include "oracles/subjects/guarded_memory.h"

#include <malloc.h>

#include <cstring>

namespace oracles {

namespace {

constexpr size_t alignment = 64;
constexpr size_t header_bytes = 64;
constexpr size_t front_guard = 64;
constexpr size_t tail_guard = 512;
constexpr size_t overhead = header_bytes + front_guard + tail_guard + alignment - 1;

bool all_equal(const uint8_t* bytes, size_t count, uint8_t value) {
  return bytes[0] == value && std::memcmp(bytes, bytes + 1, count - 1) == 0;
}

}  // namespace

// In memory: header, front guard, data, tail guard.
struct GuardedMemory::Block {
  Block* next;
  Block* previous;
  void* base;
  size_t bytes;
  uint8_t pattern;

  uint8_t* data() { return reinterpret_cast<uint8_t*>(this) + header_bytes + front_guard; }
  bool intact() {
    return all_equal(data() - front_guard, front_guard, pattern) &&
           all_equal(data() + bytes, tail_guard, pattern);
  }
  static Block* of(void* data) {
    return reinterpret_cast<Block*>(static_cast<uint8_t*>(data) - front_guard - header_bytes);
  }
};

class GuardedMemory::Locked {
 public:
  explicit Locked(std::atomic_flag& lock) : lock_(lock) {
    while (lock_.test_and_set(std::memory_order_acquire)) {
    }
  }
  ~Locked() { lock_.clear(std::memory_order_release); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  std::atomic_flag& lock_;
};

void* GuardedMemory::take(size_t bytes) {
  static_assert(sizeof(Block) <= header_bytes);
  if (bytes == 0) return nullptr;
  const size_t live = live_bytes_.load(std::memory_order_relaxed);
  const size_t limit = limit_.load(std::memory_order_relaxed);
  if (live > limit || bytes > limit - live) {
    over_quota_ = true;
    throw OverQuota();
  }
  void* base = raw(bytes + overhead);
  const auto start = (reinterpret_cast<uintptr_t>(base) + alignment - 1) & ~(uintptr_t{alignment} - 1);
  auto* block = reinterpret_cast<Block*>(start);
  block->base = base;
  block->bytes = bytes;
  block->pattern = pattern_.load(std::memory_order_relaxed);
  std::memset(block->data() - front_guard, block->pattern, front_guard + bytes + tail_guard);
  live_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  enlist(*block);
  return block->data();
}

void* GuardedMemory::raw(size_t bytes) {
  const Locked locked(lock_);
  return arena_.take(bytes);
}

void GuardedMemory::enlist(Block& block) {
  const Locked locked(lock_);
  block.previous = nullptr;
  block.next = live_;
  if (live_) live_->previous = &block;
  live_ = &block;
}

void GuardedMemory::give_back(void* data) {
  if (!data) return;
  Block* block = Block::of(data);
  const Locked locked(lock_);
  (block->previous ? block->previous->next : live_) = block->next;
  if (block->next) block->next->previous = block->previous;
  if (!block->intact()) damaged_ = true;
  live_bytes_.fetch_sub(block->bytes, std::memory_order_relaxed);
  arena_.give_back(block->base, block->bytes + overhead);
}

void GuardedMemory::begin_run(uint8_t pattern, size_t quota) {
  pattern_ = pattern;
  over_quota_ = false;
  damaged_ = false;
  const size_t live = live_bytes_;
  limit_ = quota > SIZE_MAX - live ? SIZE_MAX : live + quota;
}

bool GuardedMemory::take_damage() {
  bool damaged = damaged_.exchange(false);
  const Locked locked(lock_);
  for (Block* block = live_; block; block = block->next) {
    if (block->intact()) continue;
    damaged = true;
    // Restored, so that one bad write is reported once.
    std::memset(block->data() - front_guard, block->pattern, front_guard);
    std::memset(block->data() + block->bytes, block->pattern, tail_guard);
  }
  return damaged;
}

void settle_malloc() {
  constexpr int fill = 0x5a;
  mallopt(M_PERTURB, fill);
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
}

}  // namespace oracles
