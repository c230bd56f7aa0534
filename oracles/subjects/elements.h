// Elements as bytes: negation, conjugation and gathering by strides, without any call of the library under
// test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/dtype.h"
#include "engine/core/shape.h"
#include "oracles/outcome.h"

namespace oracles {

// In place, bit exact: sign bits are flipped, integers are negated modulo their width. Bools stay as they
// are.
void negate(engine::DType dtype, std::byte* bytes, int64_t elements);
// In place: the sign of the imaginary part is flipped. Real dtypes stay as they are.
void conjugate(engine::DType dtype, std::byte* bytes, int64_t elements);
// The view's elements in row-major order; `base` is where its storage starts.
std::vector<std::byte> gathered(engine::DType dtype, const std::byte* base, const engine::Dims& sizes,
                                const engine::Dims& strides, int64_t offset);
// The tensor's logical values from memory laid out as `base`: gathered, with its lazy bits resolved.
std::vector<std::byte> logical_values(engine::DType dtype, const std::byte* base,
                                      const TensorSnapshot& shape);

}  // namespace oracles
