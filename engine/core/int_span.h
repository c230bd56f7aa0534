// IntSpan: a look at sizes, strides or any int[] that somebody else owns. A brace list lives as long as the
// full expression it stands in: pass it on, do not keep it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace engine {

class IntSpan : public std::span<const int64_t> {
 public:
  using std::span<const int64_t>::span;
  IntSpan(std::initializer_list<int64_t> values) : std::span<const int64_t>(values.begin(), values.size()) {}
  IntSpan(std::span<const int64_t> values) : std::span<const int64_t>(values) {}  // NOLINT: the same thing
  std::vector<int64_t> copy() const { return {begin(), end()}; }
};

inline bool operator==(IntSpan a, IntSpan b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace engine
