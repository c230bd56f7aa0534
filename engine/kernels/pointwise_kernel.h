// PointwiseKernel: a functor of one element of each operand, compiled for the compute types of its dtypes.
//   struct Square { ENGINE_DEVICE auto operator()(auto x) const { return math::mul(x, x); } };
//   pointwise_kernel<Square, 1, all_dtype_set>()
// Promises: the functor's return type decides the result's dtype: bool, the component of a complex type, or
// the dtype of the operands. Kernels see contiguous blocks; the backend casts, strides and broadcasts.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

#include "engine/kernels/compute_type.h"
#include "engine/kernels/dtype_set.h"
#include "engine/kernels/functors/kernel_list.h"

namespace engine {

using PointwiseBlock = void (*)(std::byte* out, const std::byte* const* in, int64_t count);

enum class PointwiseResult : uint8_t { same, component, boolean };

struct PointwiseKernel {
  std::array<PointwiseBlock, compute_type_count> blocks{};  // null for other compute types
  size_t arity = 0;
  DTypes dtypes;
  const void* functor = nullptr;  // its tag
  PointwiseResult result = PointwiseResult::same;

  DType result_dtype(DType common) const {
    if (result == PointwiseResult::boolean) return DType::b8;
    return result == PointwiseResult::component ? component_of(common) : common;
  }
};

template <class F, size_t arity, class T>
using PointwiseResultOf = decltype(std::apply(F{}, std::array<T, arity>{}));

template <class F, size_t arity, class T>
void pointwise_block(std::byte* out, const std::byte* const* in, int64_t count) {
  [=]<size_t... I>(std::index_sequence<I...>) {
    auto* const results = reinterpret_cast<PointwiseResultOf<F, arity, T>*>(out);
    const std::array<const T*, arity> operands{reinterpret_cast<const T*>(in[I])...};
    for (int64_t i = 0; i < count; ++i) results[i] = F{}(operands[I][i]...);
  }(std::make_index_sequence<arity>());
}

template <class F, size_t arity, DTypes dtypes>
PointwiseKernel pointwise_kernel() {
  PointwiseKernel kernel{.arity = arity, .dtypes = dtypes, .functor = functor_tag<F>()};
  for_each_compute_type<dtypes>([&]<class T>() {
    using Result = PointwiseResultOf<F, arity, T>;
    kernel.blocks[static_cast<size_t>(compute_type<T>())] = pointwise_block<F, arity, T>;
    if (std::is_same_v<Result, bool>)
      kernel.result = PointwiseResult::boolean;
    else if (!std::is_same_v<Result, T>)
      kernel.result = PointwiseResult::component;
  });
  return kernel;
}

}  // namespace engine
