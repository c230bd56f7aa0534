// DispatchCounters: the cells of coverage that an input meets, copied to libFuzzer's extra counters. So
// libFuzzer keeps an input that sends an operator to a key, or through a fallback, where none did before,
// also in a library that is not instrumented. Promises: a judge in a child process writes where its parent
// reads. Cells past those that an input can have (kept_most) are dropped.
#pragma once

#include <cstddef>
#include <set>
#include <span>

#include "oracles/trial/coverage.h"

namespace fuzz {

class DispatchCounters {
 public:
  DispatchCounters();
  ~DispatchCounters();
  DispatchCounters(const DispatchCounters&) = delete;
  DispatchCounters& operator=(const DispatchCounters&) = delete;

  void begin_input();
  void note(std::span<const oracles::Cell> cells);  // also in a child
  void end_input();

  // How many cells of operator x key x outcome all inputs have met.
  size_t met() const { return met_.size(); }

 private:
  struct Shared;
  Shared* shared_;
  std::set<uint64_t> met_;
};

}  // namespace fuzz
