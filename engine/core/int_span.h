// Dims: owns sizes, strides or any int[]; up to five elements need no allocation, which would be too slow for
// every tensor. IntSpan: a view of integers that another object owns. An IntSpan of a brace list is valid
// until the end of the full expression: pass it, do not keep it.
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
  IntSpan(std::span<const int64_t> values) : std::span<const int64_t>(values) {}     // NOLINT: implicit
  IntSpan(const Dims& dims) : std::span<const int64_t>(dims.data(), dims.size()) {}  // NOLINT
  Dims copy() const { return {begin(), end()}; }
};

inline bool operator==(IntSpan a, IntSpan b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace engine
