// Math bits: what the conj and the neg oracle share. Left the inputs as they are, right the same logical
// values behind a lazy bit: values, metadata, logical values after a write, errors.
#pragma once

#include "oracles/compare/divergence.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/trial.h"

namespace oracles {

// `own` lists the operators that only this bit's oracle excludes, in addition to those that neither can
// judge.
Verdict check_math_bit(Trial& trial, corpora::LayerKind bit, const Exclusions& own);

}  // namespace oracles
