// Comparisons, logic, and choosing by a condition or by bounds.
#pragma once

#include "engine/kernels/functors/dtypes.h"
#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/math.h"

namespace engine::functors {

struct Eq {
  template <class T>
  ENGINE_DEVICE bool operator()(T a, T b) const {
    return a == b;
  }
};
struct Ne {
  template <class T>
  ENGINE_DEVICE bool operator()(T a, T b) const {
    return !(a == b);
  }
};
struct Lt {
  template <class T>
  ENGINE_DEVICE bool operator()(T a, T b) const {
    return a < b;
  }
};
struct Le {
  template <class T>
  ENGINE_DEVICE bool operator()(T a, T b) const {
    return a <= b;
  }
};
struct Gt {
  template <class T>
  ENGINE_DEVICE bool operator()(T a, T b) const {
    return a > b;
  }
};
struct Ge {
  template <class T>
  ENGINE_DEVICE bool operator()(T a, T b) const {
    return a >= b;
  }
};
struct LogicalAnd {
  template <class T>
  ENGINE_DEVICE bool operator()(T a, T b) const {
    return math::cast<bool>(a) && math::cast<bool>(b);
  }
};
struct LogicalOr {
  template <class T>
  ENGINE_DEVICE bool operator()(T a, T b) const {
    return math::cast<bool>(a) || math::cast<bool>(b);
  }
};
struct LogicalXor {
  template <class T>
  ENGINE_DEVICE bool operator()(T a, T b) const {
    return math::cast<bool>(a) != math::cast<bool>(b);
  }
};
struct Where {
  template <class T>
  ENGINE_DEVICE T operator()(T condition, T a, T b) const {
    return math::cast<bool>(condition) ? a : b;
  }
};
struct ClampBoth {
  template <class T>
  ENGINE_DEVICE T operator()(T x, T low, T high) const {
    return math::min(math::max(x, low), high);
  }
};
struct ClampBelow {
  template <class T>
  ENGINE_DEVICE T operator()(T x, T low) const {
    return math::max(x, low);
  }
};
struct ClampAbove {
  template <class T>
  ENGINE_DEVICE T operator()(T x, T high) const {
    return math::min(x, high);
  }
};

using ComparisonKernels =
    KernelList<Pointwised<Eq, 2, all_dtype_set>, Pointwised<Ne, 2, all_dtype_set>,
               Pointwised<Lt, 2, ordered_dtypes>, Pointwised<Le, 2, ordered_dtypes>,
               Pointwised<Gt, 2, ordered_dtypes>, Pointwised<Ge, 2, ordered_dtypes>,
               Pointwised<LogicalAnd, 2, all_dtype_set>, Pointwised<LogicalOr, 2, all_dtype_set>,
               Pointwised<LogicalXor, 2, all_dtype_set>, Pointwised<Where, 3, all_dtype_set>,
               Pointwised<ClampBoth, 3, ordered_but_bool>, Pointwised<ClampBelow, 2, ordered_but_bool>,
               Pointwised<ClampAbove, 2, ordered_but_bool>>;

}  // namespace engine::functors
