// Functors of comparisons, of logic, and of choices by a condition or by bounds.
#pragma once

#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/functors/named_dtype_sets.h"
#include "engine/kernels/math.h"

namespace engine::functors {

struct Eq {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return a == b; }
};
struct Ne {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return !(a == b); }
};
struct Lt {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return a < b; }
};
struct Le {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return a <= b; }
};
struct Gt {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return a > b; }
};
struct Ge {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return a >= b; }
};
struct LogicalAnd {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return math::cast<bool>(a) && math::cast<bool>(b); }
};
struct LogicalOr {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return math::cast<bool>(a) || math::cast<bool>(b); }
};
struct LogicalXor {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return math::cast<bool>(a) != math::cast<bool>(b); }
};
struct Where {
  ENGINE_DEVICE auto operator()(auto condition, auto a, auto b) const {
    return math::cast<bool>(condition) ? a : b;
  }
};
struct ClampBoth {
  ENGINE_DEVICE auto operator()(auto x, auto low, auto high) const {
    return math::min(math::max(x, low), high);
  }
};
struct ClampBelow {
  ENGINE_DEVICE auto operator()(auto x, auto low) const { return math::max(x, low); }
};
struct ClampAbove {
  ENGINE_DEVICE auto operator()(auto x, auto high) const { return math::min(x, high); }
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
