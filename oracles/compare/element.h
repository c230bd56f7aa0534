// Element: one element of a tensor as numbers, and the spacing of numbers around it, for every dtype.
// Floats of every width are exact as doubles; integers are exact up to 2^53, and compared as bits where it
// matters.
#pragma once

#include <cstddef>

#include "engine/core/dtype.h"

namespace oracles {

// One component: of a complex element the real (0) or the imaginary (1) part; of others the element itself.
double component_at(engine::DType dtype, const std::byte* element, int component);
constexpr int components_of(engine::DType dtype) { return engine::is_complex(dtype) ? 2 : 1; }

// The unit in the last place of `x` in the dtype's (component) format: the gap to its neighbour away from
// zero. The smallest denormal for x = 0; infinite for an infinity; NaN for a NaN. 1 for integers.
double ulp_at(engine::DType dtype, double x);

// Bits of a (component's) significand, the hidden one included; 0 for integers.
int precision_of(engine::DType dtype);

// Half the gap between 1 and the next number: the largest relative error of one rounding. 0 for integers.
double unit_roundoff(engine::DType dtype);

// The largest finite number of the dtype.
double largest_of(engine::DType dtype);

// x rounded to the dtype once and written as an element. Complex dtypes take one component at a time:
// `element` then points at the component. Integers: truncated, saturated.
void store_component(engine::DType dtype, double x, std::byte* component);

}  // namespace oracles
