// PointwiseKernel: a functor of one element of each operand, compiled for the compute types of the dtypes
// that it takes.
//   struct Square { template <class T> ENGINE_DEVICE T operator()(T x) const { return math::mul(x, x); } };
//   pointwise_kernel<Square, 1, all_dtype_set>()
// Promises: what the functor returns decides the result's dtype: bool, the component of a complex type, or
// the operands' own. Kernels see contiguous blocks; whoever runs one casts, strides and broadcasts.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "engine/kernels/compute_type.h"
#include "engine/kernels/dtype_set.h"
#include "engine/kernels/functors/kernel_list.h"

namespace engine {

using PointwiseBlock = void (*)(std::byte* out, const std::byte* const* in, int64_t count);

enum class PointwiseResult : uint8_t { same, component, boolean };

struct PointwiseKernel {
  std::array<PointwiseBlock, compute_type_count> blocks{};  // null where the functor does not go
  size_t arity = 0;
  DTypes dtypes;
  const void* functor = nullptr;  // its tag
  PointwiseResult result = PointwiseResult::same;

  DType result_dtype(DType common) const {
    if (result == PointwiseResult::boolean) return DType::b8;
    return result == PointwiseResult::component ? component_of(common) : common;
  }
};

template <class T, size_t>
struct Repeated {
  using type = T;
};
template <class F, class T, class Indices>
struct ResultOf;
template <class F, class T, size_t... I>
struct ResultOf<F, T, std::index_sequence<I...>> {
  using type = std::invoke_result_t<F, typename Repeated<T, I>::type...>;
};

template <class F, class T, size_t... I>
void pointwise_block(std::byte* out, const std::byte* const* in, int64_t count, std::index_sequence<I...>) {
  using R = typename ResultOf<F, T, std::index_sequence<I...>>::type;
  auto* const results = reinterpret_cast<R*>(out);
  const std::array<const T*, sizeof...(I)> operands{reinterpret_cast<const T*>(in[I])...};
  for (int64_t i = 0; i < count; ++i) results[i] = F{}(operands[I][i]...);
}

template <class F, size_t arity, class T>
void add_block(PointwiseKernel& kernel) {
  kernel.blocks[static_cast<size_t>(compute_type<T>())] = [](std::byte* out, const std::byte* const* in,
                                                             int64_t count) {
    pointwise_block<F, T>(out, in, count, std::make_index_sequence<arity>());
  };
  using R = typename ResultOf<F, T, std::make_index_sequence<arity>>::type;
  if (std::is_same_v<R, bool>)
    kernel.result = PointwiseResult::boolean;
  else if (!std::is_same_v<R, T>)
    kernel.result = PointwiseResult::component;
}

template <class F, size_t arity, DTypes dtypes>
PointwiseKernel pointwise_kernel() {
  PointwiseKernel kernel;
  kernel.arity = arity;
  kernel.dtypes = dtypes;
  kernel.functor = functor_tag<F>();
  for_each_compute_type<dtypes>([&]<class T>() { add_block<F, arity, T>(kernel); });
  return kernel;
}

}  // namespace engine
