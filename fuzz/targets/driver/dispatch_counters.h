// DispatchCounters: copies the coverage cells that an input reaches to libFuzzer's extra counters, so that
// libFuzzer keeps an input that is the first to send an operator to a key or through a fallback, also in a
// library that is not instrumented. The cells are in shared memory: a child process writes them, its parent
// reads them. Cells of one input beyond kept_most are dropped.
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
