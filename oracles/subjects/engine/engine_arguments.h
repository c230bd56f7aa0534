// A case's values as the engine's, fitted to an operator's argument types.
#pragma once

#include "engine/core/value.h"
#include "oracles/subjects/arguments.h"

namespace oracles {

// Throws Misfit.
engine::Value fitted_argument(const corpora::Value& value, const engine::Type& type,
                              const Fitting<engine::Tensor, engine::Device>& fitting);

}  // namespace oracles
