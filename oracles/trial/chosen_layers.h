// Chosen layers: which storages of a case an oracle transforms.
#pragma once

#include <vector>

#include "oracles/trial/trial.h"

namespace oracles {

// Whether the path that the case requests has such a layer. A path with fake tensors, which have no values,
// is a request to the oracle fake alone.
bool is_requested(const Trial& trial, corpora::LayerKind kind);
// The requested path if it has such a layer; otherwise a path with such a layer on one candidate or, in one
// case of four, on all of them. Candidates are storages in ascending order, at least one.
corpora::Path chosen_layers(const Trial& trial, corpora::LayerKind kind,
                            const std::vector<int32_t>& candidates);
// The number of the requested layer of this kind, or a drawn number below `count`.
int32_t chosen_number(const Trial& trial, corpora::LayerKind kind, uint64_t count);

}  // namespace oracles
