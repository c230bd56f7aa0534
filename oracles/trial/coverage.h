// Coverage: the cells of operator x dispatch key x reason x outcome x dtype class that the calls of a run,
// with nested calls, belong to. A fuzzer uses it for a library that it cannot instrument. Promises: the same
// case gives the same cells everywhere. A run without a trace (Subject::record_trace) has none.
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
  uint8_t key = 0;  // the subject's number of the key whose kernel ran (served_by)
  engine::Reason reason = engine::Reason::missing;  // why the table entry has that kernel
  Status outcome = Status::returned;                // of the call of the program
  uint8_t dtype = 0;                                // the widest class among the case's storages; 0: none

  auto operator<=>(const Cell&) const = default;
  // Operator, key and outcome: what is counted.
  uint64_t coarse() const { return uint64_t{op} << 16 | uint64_t{key} << 8 | static_cast<uint64_t>(outcome); }
  uint64_t packed() const {
    return coarse() << 16 | static_cast<uint64_t>(reason) << 8 | static_cast<uint64_t>(dtype);
  }
};

// One cell for each traced call, in order.
std::vector<Cell> cells_of(const Subject& subject, const corpora::Case& c, const Outcome& outcome);

}  // namespace oracles
