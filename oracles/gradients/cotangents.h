// Cotangents: the numbers that a program's results are weighed with, so that one number, the weighed sum of
// all results, can be differentiated. Promises: they depend on nothing but the place of a result, so that
// runs on other data or of other dtypes are weighed alike; each is k/16 with 1 <= |k| <= 16, which every
// dtype holds exactly.
#pragma once

#include <cstddef>
#include <vector>

#include "oracles/outcome.h"

namespace oracles {

// For the `result`th tensor among those that a call returned: one for each component of each element.
std::vector<double> cotangent(size_t call, size_t result, size_t components);
// Components of elements that lie one behind the other.
std::vector<double> numbers_of(engine::DType dtype, const std::vector<std::byte>& elements);
// Components of a tensor's logical values; empty where nothing is differentiated: integers, no values.
std::vector<double> numbers_of(const TensorSnapshot& tensor);
// The terms of the weighed sum of all results of all calls, real and imaginary parts as numbers of their own.
std::vector<double> weighed_terms(const Outcome& outcome);

}  // namespace oracles
