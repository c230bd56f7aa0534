#include "fuzz/targets/driver/dispatch_counters.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <new>

#include "engine/core/check.h"

namespace {

constexpr size_t counter_count = size_t{1} << 17;

}  // namespace

// libFuzzer finds the array by its section, in the executable only, and clears it before each input. Not
// static, because the compiler may remove a static array that is never read.
extern uint8_t dispatch_counters[];
__attribute__((section("__libfuzzer_extra_counters"), used)) uint8_t dispatch_counters[counter_count];

namespace fuzz {
namespace {

constexpr size_t kept_most = 8192;

// A hash of the cell (the finaliser of splitmix64).
size_t place_of(uint64_t cell) {
  cell = (cell ^ cell >> 30) * 0xbf58476d1ce4e5b9ULL;
  cell = (cell ^ cell >> 27) * 0x94d049bb133111ebULL;
  return (cell ^ cell >> 31) % counter_count;
}

}  // namespace

struct DispatchCounters::Shared {
  size_t count = 0;
  std::array<oracles::Cell, kept_most> cells;
};

DispatchCounters::DispatchCounters() {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(memory != MAP_FAILED, "shared memory for cells");
  shared_ = new (memory) Shared;
}

DispatchCounters::~DispatchCounters() { munmap(shared_, sizeof(Shared)); }

void DispatchCounters::begin_input() { shared_->count = 0; }

void DispatchCounters::note(std::span<const oracles::Cell> cells) {
  const size_t taken = std::min(cells.size(), kept_most - shared_->count);
  std::copy_n(cells.begin(), taken, shared_->cells.begin() + static_cast<std::ptrdiff_t>(shared_->count));
  shared_->count += taken;
}

void DispatchCounters::end_input() {
  for (const oracles::Cell& cell : std::span(shared_->cells).first(shared_->count)) {
    dispatch_counters[place_of(cell.packed())] = 1;
    met_.insert(cell.coarse());
  }
}

}  // namespace fuzz
