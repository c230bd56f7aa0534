// Wider: the type that sums are accumulated in: i64, f64 or c128.
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
