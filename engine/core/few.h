// Few: a list that nearly always is short. Up to N elements stand in the object itself, so that a call can
// collect its operands without the heap.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <span>

namespace engine {

template <class T, size_t N = 4>
using Few = boost::container::small_vector<T, N>;

template <class T, size_t N>
std::span<const T> span_of(const Few<T, N>& list) {
  return {list.data(), list.size()};
}

}  // namespace engine
