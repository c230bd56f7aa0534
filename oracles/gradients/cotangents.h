// Cotangents: the weights of a program's results. The weighted sum of all results is one number that can be
// differentiated. Promises: a weight depends only on the place of a result, so that runs with other data or
// dtypes have the same weights; it is k/16 with 1 <= |k| <= 16, which every dtype can hold exactly.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "oracles/outcome.h"

namespace oracles {

bool is_differentiable(engine::DType dtype);

// Of the n-th tensor, `result`, that a call returns: one for each component of each element.
std::vector<double> cotangent(size_t call, size_t result, size_t components);
// The weights of the gradient of a storage, in the sum that a second derivative is of.
std::vector<double> gradient_weights(size_t storage, size_t components);
// Whether all weights of a tensor with so many components are equal, as the gradient of a sum has them.
constexpr bool is_expanded(size_t components) { return components > 4 && components % 4 == 1; }
// The components of consecutive elements.
std::vector<double> numbers_of(engine::DType dtype, const std::vector<std::byte>& elements);
// The components of a tensor's logical values; empty for integers and tensors without values.
std::vector<double> numbers_of(const TensorSnapshot& tensor);
// The terms of the weighted sum of the results of all calls, one for each component. `counts(call, result)`:
// whether the result has a weight; all, if there is no such function.
using Counts = std::function<bool(size_t call, size_t result)>;
std::vector<double> weighted_terms(const Outcome& outcome, const Counts& counts = {});

}  // namespace oracles
