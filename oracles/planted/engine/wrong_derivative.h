// wrong_derivative: replaces the derivative of every form of an operator.
#pragma once

#include "engine/autograd/record.h"
#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {

// Gets the gradients of the right formula and returns the wrong ones.
using SpoilGradients = std::vector<Tensor> (*)(engine::ops::Backward&, std::vector<Tensor>);

Plant with_wrong_derivative(std::string_view op, SpoilGradients wrong);

}  // namespace oracles::plants
