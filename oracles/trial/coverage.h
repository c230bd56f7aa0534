// Coverage: which cells of operator x dispatch key x reason x outcome x dtype class the calls of a run fell
// into, nested ones included. What a fuzzer steers by where the library under test cannot be instrumented.
// Promises: the same case gives the same cells everywhere. Without a trace (Subject::record_trace) a run has
// none.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "corpora/case/case.h"
#include "oracles/outcome.h"
#include "oracles/subject.h"

namespace oracles {

struct Cell {
  uint16_t op = 0;  // in the subject's catalog
  uint8_t key = 0;  // the subject's number of the key that served it (served_by)
  engine::Reason reason = engine::Reason::missing;  // why that kernel stands there
  Status outcome = Status::returned;                // of the program's call that it is a part of
  uint8_t dtype = 0;                                // the widest class among the case's storages; 0: none

  auto operator<=>(const Cell&) const = default;
  // Operator, key and outcome alone: what is counted.
  uint64_t coarse() const { return uint64_t{op} << 16 | uint64_t{key} << 8 | static_cast<uint64_t>(outcome); }
  uint64_t packed() const {
    return coarse() << 16 | static_cast<uint64_t>(reason) << 8 | static_cast<uint64_t>(dtype);
  }
};

// In the order of the calls; a cell stands there as often as it was met.
std::vector<Cell> cells_of(const Subject& subject, const corpora::Case& c, const Outcome& outcome);

}  // namespace oracles
