// wrong_derivative: every form of a declared operator, recorded with another derivative than its own.
#pragma once

#include <string_view>

#include "engine/autograd/record.h"
#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

// `wrong` sees what the right formula would give, and gives something else.
using SpoilGradients = std::vector<engine::Tensor> (*)(engine::ops::Backward&, std::vector<engine::Tensor>);

engine::Registrations with_wrong_derivative(engine::Dispatcher& dispatcher, std::string_view op,
                                            SpoilGradients wrong);

}  // namespace oracles
