// Wider: what sums are accumulated in: f64 for all reals.
#pragma once

#include "engine/kernels/math.h"

namespace engine {

template <class T>
struct WiderOf {
  using Type = double;
};
template <>
struct WiderOf<int64_t> {
  using Type = int64_t;
};
template <class T>
struct WiderOf<math::Complex<T>> {
  using Type = math::Complex<double>;
};
template <class T>
using Wider = typename WiderOf<T>::Type;

}  // namespace engine
