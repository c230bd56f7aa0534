// Finaliser: turns pending detections into findings, in forked processes, up to `jobs` at once. Detections of
// one signature are investigated in order of index, so that the result is the same for any number of jobs. A
// finding that is already on disk stays as it is, so that links to it stay valid. A detection that a fresh
// process does not show moves to unconfirmed/, with the reason.
#pragma once

#include <set>
#include <string>

#include "fuzz/campaign/interrupt.h"
#include "fuzz/campaign/progress.h"
#include "fuzz/campaign/worker.h"

namespace fuzz {

// Returns the fingerprints of the findings. After an interrupt, the remaining detections stay pending.
std::set<std::string> investigate_pending(Run& run, Progress& progress, const Interrupt& interrupt);

}  // namespace fuzz
