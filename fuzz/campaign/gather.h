// Gather: at the end of a run, the findings of one operator that show the same mistake become one
// (mistakes.h). The plainest stays in findings/FINGERPRINT/, the others move into its also/. Each move is one
// rename, so that a kill loses nothing: operators whose findings were not all gathered are gathered by the
// next run.
#pragma once

#include "fuzz/campaign/interrupt.h"
#include "fuzz/campaign/progress.h"
#include "fuzz/campaign/worker.h"

namespace fuzz {

void gather_mistakes(Run& run, Progress& progress, const Interrupt& interrupt);

}  // namespace fuzz
