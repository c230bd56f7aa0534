// Gather: at the end of a run, the findings of one operator that show the same mistake become one
// (mistakes.h). The plainest stays in findings/FINGERPRINT/, the others move into its also/. Each move is one
// rename, so that a kill loses nothing: operators whose findings were not all gathered are gathered by the
// next run.
#pragma once

#include <vector>

#include "fuzz/campaign/interrupt.h"
#include "fuzz/campaign/progress.h"
#include "fuzz/campaign/worker.h"
#include "reports/finding.h"

namespace fuzz {

// `findings` are all of the output folder, as read_findings returns them.
void gather_mistakes(Run& run, std::vector<reports::Finding> findings, Progress& progress,
                     const Interrupt& interrupt);

}  // namespace fuzz
