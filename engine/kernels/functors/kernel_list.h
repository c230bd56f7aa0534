// Kernel lists: which functors of a file are compiled as CUDA kernels, for how many operands and which
// dtypes. A functor's tag is its key in the tables of kernels.
#pragma once

#include "engine/kernels/dtype_set.h"

namespace engine {

template <class F, size_t arity, DTypes dtypes>
struct Pointwised {};
template <class F, DTypes dtypes>
struct Folded {};
template <class... Entries>
struct KernelList {};

template <class F>
inline constexpr char functor_place = 0;
template <class F>
const void* functor_tag() {
  return &functor_place<F>;
}

}  // namespace engine
