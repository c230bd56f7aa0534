// Functors of one element: elementary functions.
#pragma once

#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/math.h"

namespace engine::functors {

struct Exp {
  ENGINE_DEVICE auto operator()(auto x) const { return math::exp(x); }
};
struct Expm1 {
  ENGINE_DEVICE auto operator()(auto x) const { return std::expm1(x); }
};
struct Log {
  ENGINE_DEVICE auto operator()(auto x) const { return math::log(x); }
};
struct Log1p {
  ENGINE_DEVICE auto operator()(auto x) const { return std::log1p(x); }
};
struct Sqrt {
  ENGINE_DEVICE auto operator()(auto x) const { return math::sqrt(x); }
};
struct Rsqrt {
  ENGINE_DEVICE auto operator()(auto x) const { return math::div(decltype(x){1}, math::sqrt(x)); }
};
struct Reciprocal {
  ENGINE_DEVICE auto operator()(auto x) const { return math::div(decltype(x){1}, x); }
};
struct Sin {
  ENGINE_DEVICE auto operator()(auto x) const { return math::sin(x); }
};
struct Cos {
  ENGINE_DEVICE auto operator()(auto x) const { return math::cos(x); }
};
struct Atan {
  ENGINE_DEVICE auto operator()(auto x) const { return std::atan(x); }
};
struct Tanh {
  ENGINE_DEVICE auto operator()(auto x) const { return std::tanh(x); }
};
struct Sigmoid {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    const T small = std::exp(-std::fabs(x));  // of -|x|, so that exp does not overflow
    return (x < 0 ? small : T{1}) / (T{1} + small);
  }
};
struct Erf {
  ENGINE_DEVICE auto operator()(auto x) const { return std::erf(x); }
};

using ElementaryKernels =
    KernelList<Pointwised<Exp, 1, floating_dtypes>, Pointwised<Expm1, 1, real_dtypes>,
               Pointwised<Log, 1, floating_dtypes>, Pointwised<Log1p, 1, real_dtypes>,
               Pointwised<Sqrt, 1, floating_dtypes>, Pointwised<Rsqrt, 1, floating_dtypes>,
               Pointwised<Reciprocal, 1, floating_dtypes>, Pointwised<Sin, 1, floating_dtypes>,
               Pointwised<Cos, 1, floating_dtypes>, Pointwised<Tanh, 1, real_dtypes>,
               Pointwised<Sigmoid, 1, real_dtypes>, Pointwised<Erf, 1, real_dtypes>,
               Pointwised<Atan, 1, real_dtypes>>;

}  // namespace engine::functors
