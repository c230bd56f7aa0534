// Prefix: detections that a fresh process shows only if other cases ran in it before.
#pragma once

#include <cstdint>
#include <vector>

#include "corpora/case/case.h"
#include "fuzz/campaign/pending.h"
#include "fuzz/campaign/worker.h"

namespace fuzz {

// The indices of the shortest run of cases directly before the detection's, such that a fresh process that
// judges them first shows the signature again; only the first of them if it is enough. Empty if all the cases
// of that process before it do not suffice, or if the detection is of another run.
std::vector<uint64_t> shortest_prefix(Run& run, const Pending& pending);

}  // namespace fuzz
