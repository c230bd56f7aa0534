// Element: one element of a tensor as numbers, and the spacing of numbers around it, for every dtype. Floats
// are exact as doubles; integers are exact up to 2^53.
#pragma once

#include <cstddef>

#include "engine/core/dtype.h"

namespace oracles {

// Of a complex element: component 0 is the real part, 1 the imaginary part. Other elements have component 0.
double component_at(engine::DType dtype, const std::byte* element, int component);
constexpr int components_of(engine::DType dtype) { return engine::is_complex(dtype) ? 2 : 1; }

// The unit in the last place of `x` in the format of a component: the gap to the next number away from zero.
// The smallest denormal for x = 0; infinite for an infinity; NaN for a NaN; 1 for integers.
double ulp_at(engine::DType dtype, double x);

// Bits of a component's significand, with the hidden bit; 0 for integers.
int precision_of(engine::DType dtype);

// Half the gap between 1 and the next number: the largest relative error of one rounding. 0 for integers.
double unit_roundoff(engine::DType dtype);

// The largest finite number of the dtype.
double largest_of(engine::DType dtype);

// Whether the dtype has infinities. If not, a number that is too large for it becomes the largest or NaN,
// depending on the library.
bool has_infinity(engine::DType dtype);

// Writes x, rounded once, as one component of an element. Integers are truncated and saturated.
void store_component(engine::DType dtype, double x, std::byte* component);

}  // namespace oracles
