// SmallVector: a list that is usually short. It keeps up to N elements inside the object, so that a call can
// collect its operands without a heap allocation.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <span>

namespace engine {

template <class T, size_t N = 4>
using SmallVector = boost::container::small_vector<T, N>;

template <class T, size_t N>
std::span<const T> span_of(const SmallVector<T, N>& list) {
  return {list.data(), list.size()};
}

}  // namespace engine
