// Dims: sizes, strides or any int[] that one owns; those of up to five dimensions stand in the object itself,
// because tensors come and go too fast for a block of the heap each. IntSpan: a look at what somebody else
// owns. A brace list lives as long as the full expression it stands in: pass it on, do not keep it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "engine/core/small_vector.h"

namespace engine {

using Dims = SmallVector<int64_t, 5>;

class IntSpan : public std::span<const int64_t> {
 public:
  using std::span<const int64_t>::span;
  IntSpan(std::initializer_list<int64_t> values) : std::span<const int64_t>(values.begin(), values.size()) {}
  IntSpan(std::span<const int64_t> values) : std::span<const int64_t>(values) {}     // NOLINT: the same thing
  IntSpan(const Dims& dims) : std::span<const int64_t>(dims.data(), dims.size()) {}  // NOLINT
  Dims copy() const { return {begin(), end()}; }
};

inline bool operator==(IntSpan a, IntSpan b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace engine
