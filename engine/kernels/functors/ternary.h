// Functors of three or four operands: a product and a sum in one.
#pragma once

#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/functors/named_dtype_sets.h"
#include "engine/kernels/math.h"

namespace engine::functors {

// From left to right, as ATen computes: the order decides which partial result overflows.
struct AddProduct {
  ENGINE_DEVICE auto operator()(auto x, auto a, auto b, auto value) const {
    return math::add(x, math::mul(math::mul(value, a), b));
  }
};
struct AddQuotient {
  ENGINE_DEVICE auto operator()(auto x, auto a, auto b, auto value) const {
    return math::add(x, math::div(math::mul(value, a), b));
  }
};
// Computed from the nearer end: the result is exact at both ends, and a span that is much larger than an end
// does not round that end away.
struct Lerp {
  template <class T>
  ENGINE_DEVICE static bool starts_near(T weight) {
    if constexpr (math::is_complex<T>)
      return math::abs(weight) < math::Component<T>(0.5);
    else
      return weight < T(0.5);
  }
  template <class T>
  ENGINE_DEVICE T operator()(T start, T end, T weight) const {
    const T span = math::sub(end, start);
    if (starts_near(weight)) return math::add(start, math::mul(weight, span));
    return math::sub(end, math::mul(span, math::sub(math::cast<T>(int64_t{1}), weight)));
  }
};
struct Blend {
  ENGINE_DEVICE auto operator()(auto bias, auto product, auto beta, auto alpha) const {
    return math::add(math::mul(beta, bias), math::mul(alpha, product));
  }
};
struct Scaled {
  ENGINE_DEVICE auto operator()(auto product, auto alpha) const { return math::mul(alpha, product); }
};

using TernaryKernels =
    KernelList<Pointwised<AddProduct, 4, all_but_bool>, Pointwised<AddQuotient, 4, floating_dtypes>,
               Pointwised<Lerp, 3, floating_dtypes>, Pointwised<Blend, 4, all_dtype_set>,
               Pointwised<Scaled, 2, all_dtype_set>>;

}  // namespace engine::functors
