// Prefix: detections that a fresh process shows only when other cases ran there before.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "corpora/case/case.h"
#include "fuzz/campaign/pending.h"
#include "fuzz/campaign/worker.h"

namespace fuzz {

// The highest index from which the cases up to the detection's, judged in one fresh process as its worker
// did, show its signature again; nothing when even all that ran before do not, or another run saw it.
std::optional<uint64_t> shortest_prefix(Run& run, const Pending& pending);

// The programs one after another, as one. The header, with the path, is the last one's.
corpora::Case joined(const std::vector<corpora::Case>& cases);

}  // namespace fuzz
