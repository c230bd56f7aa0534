// Other data: a case again with simpler values in its storages, to learn whether what the direct run shows
// (an error, a size) depends on values at all.
#pragma once

#include <functional>

#include "oracles/trial/trial.h"

namespace oracles {

// True when a direct run on other values satisfies `different`. Tries a handful of fillings: zeros, ones,
// counting, probabilities, identity matrices. `told` is the path that the journal is told.
bool data_can_change(Trial& trial, const corpora::Path& told,
                     const std::function<bool(const Outcome&)>& different);

}  // namespace oracles
