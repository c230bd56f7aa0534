// Binary arithmetic, choosing and bits: functors of two elements, and of a number beside them.
#pragma once

#include "engine/ops/functors/dtypes.h"
#include "engine/ops/functors/kernel_list.h"
#include "engine/ops/math.h"

namespace engine::ops::functors {

struct Add {
  template <class T>
  ENGINE_DEVICE T operator()(T a, T b, T alpha) const {
    return math::add(a, math::mul(alpha, b));
  }
};
struct Sub {
  template <class T>
  ENGINE_DEVICE T operator()(T a, T b, T alpha) const {
    return math::sub(a, math::mul(alpha, b));
  }
};
struct Mul {
  template <class T>
  ENGINE_DEVICE T operator()(T a, T b) const {
    return math::mul(a, b);
  }
};
struct Div {
  template <class T>
  ENGINE_DEVICE T operator()(T a, T b) const {
    return math::div(a, b);
  }
};
struct Maximum {
  template <class T>
  ENGINE_DEVICE T operator()(T a, T b) const {
    return math::max(a, b);
  }
};
struct Minimum {
  template <class T>
  ENGINE_DEVICE T operator()(T a, T b) const {
    return math::min(a, b);
  }
};
struct Atan2 {
  template <class T>
  ENGINE_DEVICE T operator()(T a, T b) const {
    return std::atan2(a, b);
  }
};
struct BitwiseAnd {
  ENGINE_DEVICE int64_t operator()(int64_t a, int64_t b) const { return a & b; }
};
struct BitwiseOr {
  ENGINE_DEVICE int64_t operator()(int64_t a, int64_t b) const { return a | b; }
};
struct BitwiseXor {
  ENGINE_DEVICE int64_t operator()(int64_t a, int64_t b) const { return a ^ b; }
};

using ArithmeticKernels =
    KernelList<Pointwised<Add, 3, all_dtype_set>, Pointwised<Sub, 3, all_but_bool>,
               Pointwised<Mul, 2, all_dtype_set>, Pointwised<Div, 2, floating_dtypes>,
               Pointwised<Maximum, 2, ordered_dtypes>, Pointwised<Minimum, 2, ordered_dtypes>,
               Pointwised<Atan2, 2, real_dtypes>, Pointwised<BitwiseAnd, 2, integers_and_bool>,
               Pointwised<BitwiseOr, 2, integers_and_bool>, Pointwised<BitwiseXor, 2, integers_and_bool>>;

}  // namespace engine::ops::functors
