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

// What an input showed before the calls, of the bytes that its storage held; nothing where these are not kept
// or do not reach. For the dressed inputs and storages of any subject.
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
