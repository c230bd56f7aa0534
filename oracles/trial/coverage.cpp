#include "oracles/trial/coverage.h"

#include <algorithm>

namespace oracles {

namespace {

uint8_t widest_class(const corpora::Case& c) {
  uint8_t widest = 0;
  for (const corpora::Storage& storage : c.storages)
    widest = std::max(widest, static_cast<uint8_t>(1 + static_cast<int>(engine::class_of(storage.dtype))));
  return widest;
}

}  // namespace

std::vector<Cell> cells_of(const Subject& subject, const corpora::Case& c, const Outcome& outcome) {
  std::vector<Cell> cells;
  const corpora::Operator* const first = subject.catalog().operators().data();
  const uint8_t dtype = widest_class(c);
  size_t calls_begun = 0;  // an entry of depth 0 begins the next call of the program
  for (const TraceEntry& entry : outcome.trace) {
    if (entry.depth == 0) ++calls_begun;
    const corpora::Operator* op = subject.catalog().find(entry.op);
    if (!op) continue;
    const size_t call = std::clamp(calls_begun, size_t{1}, outcome.calls.size()) - 1;
    const Served served = subject.served_by(entry);
    cells.push_back(
        {static_cast<uint16_t>(op - first), served.key, served.reason, outcome.calls[call].status, dtype});
  }
  return cells;
}

}  // namespace oracles
