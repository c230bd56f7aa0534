// Full precision: whether a call whose real inputs are all f64 computes with fewer bits. A result that has
// many significant bits, and never more than f32 has, although the inputs have more, was computed in f32.
#pragma once

#include <optional>

#include "oracles/trial/trial.h"

namespace oracles {

// Nothing if an input is narrower. Otherwise the verdict; refused if no result is of f64 or c128. Only
// results that look suspicious cost further runs, with other values.
std::optional<Verdict> check_full_precision(Trial& trial);

}  // namespace oracles
