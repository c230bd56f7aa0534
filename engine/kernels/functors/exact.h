// Functors of one element whose results are exact.
#pragma once

#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/functors/named_dtype_sets.h"
#include "engine/kernels/math.h"

namespace engine::functors {

struct Identity {
  ENGINE_DEVICE auto operator()(auto x) const { return x; }
};
struct Conjugated {
  ENGINE_DEVICE auto operator()(auto x) const { return math::conj(x); }
};
struct NegatedConjugate {
  ENGINE_DEVICE auto operator()(auto x) const { return math::neg(math::conj(x)); }
};
struct Neg {
  ENGINE_DEVICE auto operator()(auto x) const { return math::neg(x); }
};
struct Abs {
  ENGINE_DEVICE auto operator()(auto x) const { return math::abs(x); }
};
// Real: the sign, 0 for NaN. Complex: x / |x|, 0 for 0.
struct Sgn {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    if constexpr (math::computed_wider<T>) {
      return math::cast<T>(Sgn{}(math::cast<math::Wide>(x)));
    } else if constexpr (math::is_complex<T>) {
      const double factor = math::rescale(x);
      const T scaled{x.re * factor, x.im * factor};
      const double size = math::abs(scaled);
      return size == 0 ? T{} : T{scaled.re / size, scaled.im / size};
    } else {
      return static_cast<T>((T{0} < x) - (x < T{0}));
    }
  }
};
struct Relu {
  ENGINE_DEVICE auto operator()(auto x) const { return math::max(x, decltype(x){0}); }
};
struct Floor {
  ENGINE_DEVICE auto operator()(auto x) const { return math::floor(x); }
};
struct Ceil {
  ENGINE_DEVICE auto operator()(auto x) const { return math::ceil(x); }
};
struct Trunc {
  ENGINE_DEVICE auto operator()(auto x) const { return math::trunc(x); }
};
struct LogicalNot {
  ENGINE_DEVICE bool operator()(auto x) const { return !math::cast<bool>(x); }
};
struct BitwiseNot {
  ENGINE_DEVICE int64_t operator()(int64_t x) const { return ~x; }
};
struct BitwiseNotOfBool {
  ENGINE_DEVICE int64_t operator()(int64_t x) const { return x == 0; }
};
struct IsNan {
  ENGINE_DEVICE bool operator()(auto x) const { return math::is_nan(x); }
};
struct IsZero {
  ENGINE_DEVICE bool operator()(int64_t x) const { return x == 0; }
};

using ExactKernels =
    KernelList<Pointwised<Identity, 1, all_dtype_set>, Pointwised<Conjugated, 1, complex_dtypes>,
               Pointwised<NegatedConjugate, 1, complex_dtypes>, Pointwised<Neg, 1, all_dtype_set>,
               Pointwised<Abs, 1, all_dtype_set>, Pointwised<Sgn, 1, all_dtype_set>,
               Pointwised<Relu, 1, ordered_dtypes>, Pointwised<Floor, 1, ordered_dtypes>,
               Pointwised<Ceil, 1, ordered_dtypes>, Pointwised<Trunc, 1, ordered_dtypes>,
               Pointwised<LogicalNot, 1, all_dtype_set>, Pointwised<BitwiseNot, 1, integers_and_bool>,
               Pointwised<BitwiseNotOfBool, 1, bool_dtype>, Pointwised<IsNan, 1, all_dtype_set>,
               Pointwised<IsZero, 1, integers_and_bool>>;

}  // namespace engine::functors
