// Fresh runs: programs in processes in which nothing has run before. An oracle requests them; whoever forked
// this process before it ran anything provides them (oracles/isolation/fresh_processes.h).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "corpora/case/case.h"
#include "oracles/outcome.h"

namespace oracles {

// Of programs that ran one after another in a process of their own.
struct FreshRun {
  std::vector<bool> returned;  // for each program
  CallOutcome last;            // of the last call; the numbers of inputs and storages are lost
};

// Nothing if the process dies, or if the last program ends before its last call.
using FreshRuns = std::function<std::optional<FreshRun>(const std::vector<corpora::Case>& programs)>;

// Of this process; empty: it has none.
FreshRuns& fresh_runs();

}  // namespace oracles
