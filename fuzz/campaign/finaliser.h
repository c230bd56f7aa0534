// Finaliser: turns pending detections into findings, each signature in a forked process of its own, up to
// `jobs` at once. Detections of one signature are taken in order of index, so that the outcome is the same
// for any jobs. A finding already on disk stays as it is: links to it stay good. What a fresh process does
// not show goes to unconfirmed/, with what was seen instead.
#pragma once

#include <set>
#include <string>

#include "fuzz/campaign/interrupt.h"
#include "fuzz/campaign/progress.h"
#include "fuzz/campaign/worker.h"

namespace fuzz {

// Fingerprints of the findings that the pending detections stand for. After an interrupt, what is left stays
// pending.
std::set<std::string> investigate_pending(Run& run, Progress& progress, const Interrupt& interrupt);

}  // namespace fuzz
