// Verdicts that need no second run: what an oracle declines, what has no kernel, what the direct run already
// shows.
#pragma once

#include <string_view>

#include "oracles/compare/divergence.h"
#include "oracles/trial/trial.h"

namespace oracles {

// The verdicts that hold before an oracle runs its own paths: an operator of which no run tells anything, and
// what the direct run already shows. Judgement::agree when the oracle should go on.
Verdict before_relation(Trial& trial);

Verdict refused(std::string_view why);
Verdict gap(std::string_view what);
Verdict incomparable(Verdict verdict, std::string_view why);

}  // namespace oracles
