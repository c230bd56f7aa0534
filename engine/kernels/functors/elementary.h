// Elementary functions of one element.
#pragma once

#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/math.h"

namespace engine::functors {

struct Exp {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return math::exp(x);
  }
};
struct Expm1 {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return std::expm1(x);
  }
};
struct Log {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return math::log(x);
  }
};
struct Log1p {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return std::log1p(x);
  }
};
struct Sqrt {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return math::sqrt(x);
  }
};
struct Rsqrt {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return math::div(T{1}, math::sqrt(x));
  }
};
struct Reciprocal {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return math::div(T{1}, x);
  }
};
struct Sin {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return math::sin(x);
  }
};
struct Cos {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return math::cos(x);
  }
};
struct Atan {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return std::atan(x);
  }
};
struct Tanh {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return std::tanh(x);
  }
};
struct Sigmoid {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    const T small = std::exp(-std::fabs(x));  // from the side on which nothing overflows
    return (x < 0 ? small : T{1}) / (T{1} + small);
  }
};
struct Erf {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return std::erf(x);
  }
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
