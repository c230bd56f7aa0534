// Prefix: detections that a fresh process shows only when other cases ran there before.
#pragma once

#include <cstdint>
#include <vector>

#include "corpora/case/case.h"
#include "fuzz/campaign/pending.h"
#include "fuzz/campaign/worker.h"

namespace fuzz {

// The indices of the last cases before the detection's that make it show its signature again when one fresh
// process judges them first; only the first of them if that one is enough. Empty if even all the cases before
// it do not, or if another run saw the detection.
std::vector<uint64_t> shortest_prefix(Run& run, const Pending& pending);

// One program that is all of them one after another, with the header (and so the path) of the last.
corpora::Case joined(const std::vector<corpora::Case>& cases);

}  // namespace fuzz
