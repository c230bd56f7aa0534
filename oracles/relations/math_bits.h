// Math bits: what the oracles conj and neg share. Left the inputs as they are, right inputs with the same
// logical values and a lazy bit. Values, metadata, values after writes, and errors agree.
#pragma once

#include "oracles/trial/exclusions.h"
#include "oracles/trial/trial.h"

namespace oracles {

// `own` lists operators that only this bit's oracle excludes.
Verdict check_math_bit(Trial& trial, corpora::LayerKind bit, const Exclusions& own);

}  // namespace oracles
