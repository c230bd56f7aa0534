// Dressing: which storages of a case an oracle dresses in a bit or as ZeroTensors.
#pragma once

#include <vector>

#include "oracles/trial/effects.h"
#include "oracles/trial/trial.h"

namespace oracles {

// What the asked path dresses in `kind`, if it asks for anything; else one of the candidates, or now and then
// all. Candidates are storage indices and not empty. The path names them in ascending order.
corpora::Path chosen_dressing(const Trial& trial, corpora::LayerKind kind,
                              const std::vector<int32_t>& candidates);
bool is_asked(const Trial& trial, corpora::LayerKind kind);

}  // namespace oracles
