// Verdicts that several oracles return: what they refuse, what the direct run already shows, and divergences.
#pragma once

#include <optional>
#include <string_view>

#include "oracles/trial/trial.h"

namespace oracles {

// The verdict if an oracle need not run its own paths: the operator is unstable, or the direct run has no
// kernel or exceeds the memory budget. Empty: continue.
std::optional<Verdict> early_verdict(Trial& trial);
// The same; refused, without a run, if the subject cannot run the case along the path.
std::optional<Verdict> early_verdict(Trial& trial, const corpora::Path& path);

Verdict refused(std::string_view why);
Verdict gap(std::string_view what);
Verdict over_budget(std::string_view why);
Verdict incomparable(Verdict verdict, std::string_view why);
// The divergence is in this call of the case.
Verdict differs(const Trial& trial, size_t call, Divergence divergence, Verdict verdict = {});

}  // namespace oracles
