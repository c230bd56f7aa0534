// Elements as bytes: negation, conjugation and gathering by strides, without the library under test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/dtype.h"
#include "engine/core/shape.h"
#include "oracles/outcome.h"

namespace oracles {

// In place: flips sign bits, and negates integers modulo their width. Bools are unchanged.
void negate(engine::DType dtype, std::byte* bytes, int64_t elements);
// In place: flips the sign of imaginary parts. Real dtypes are unchanged.
void conjugate(engine::DType dtype, std::byte* bytes, int64_t elements);
// Elements, rounded to another dtype. Complex numbers lose their imaginary parts in a real dtype.
std::vector<std::byte> converted(const std::vector<std::byte>& bytes, engine::DType from, engine::DType to);
// The view's elements in row-major order; `base` is the start of its storage.
std::vector<std::byte> gathered(engine::DType dtype, const std::byte* base, const engine::Dims& sizes,
                                const engine::Dims& strides, int64_t offset);
// The tensor's logical values from memory laid out as `base`: gathered, with its lazy bits resolved.
std::vector<std::byte> logical_values(engine::DType dtype, const std::byte* base,
                                      const TensorSnapshot& shape);

// The values of an input before the calls. Empty if the bytes of its storage are not kept, or if the view
// does not fit into them. `Input` and `Storage` are the types of a subject (live_inputs.h).
template <class Input, class Storage>
std::vector<std::byte> values_before(const Input& input, const Storage& storage) {
  if (!storage.before) return {};
  TensorSnapshot shape;
  shape.sizes = input.sizes;
  shape.strides = input.strides;
  shape.offset = input.offset;
  shape.neg = input.tensor.is_neg();
  shape.conj = input.tensor.is_conj();
  const auto elements = static_cast<int64_t>(storage.before->size() / engine::size_of(storage.dtype));
  if (!engine::fits(shape.sizes, shape.strides, shape.offset, elements)) return {};
  return logical_values(storage.dtype, storage.before->data(), shape);
}

}  // namespace oracles
