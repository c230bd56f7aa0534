// Prefix: detections that a fresh process shows only when other cases ran there before.
#pragma once

#include <cstdint>
#include <vector>

#include "corpora/case/case.h"
#include "fuzz/campaign/pending.h"
#include "fuzz/campaign/worker.h"

namespace fuzz {

// The indices of the last few cases that ran before the detection's and, judged before it in one fresh
// process, have it show its signature again; of these the first alone where that is enough. None when even
// all that ran before do not, or another run saw it.
std::vector<uint64_t> shortest_prefix(Run& run, const Pending& pending);

// The programs one after another, as one. The header, with the path, is the last one's.
corpora::Case joined(const std::vector<corpora::Case>& cases);

}  // namespace fuzz
