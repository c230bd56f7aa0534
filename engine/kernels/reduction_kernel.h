// ReductionKernel: a functor that folds many elements into one, compiled for the compute types of its dtypes.
// A functor has a State<T> with fold(T, index) and finish(count):
//   template <class T> struct State { using Result = T; ... };
// Promises: elements are folded in row-major order of the reduced dimensions for any strides, so that layouts
// do not change sums. State::Result decides the result's dtype: the operand's own, bool or i64.
#pragma once

#include <array>
#include <cstddef>

#include "engine/kernels/compute_type.h"
#include "engine/kernels/dtype_set.h"
#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/wider.h"

namespace engine {

struct ReductionFunctions {
  void (*start)(std::byte* state) = nullptr;
  void (*fold)(std::byte* state, const std::byte* block, int64_t count, int64_t first_index) = nullptr;
  void (*finish)(const std::byte* state, int64_t count, std::byte* result) = nullptr;
};

struct ReductionKernel {
  static constexpr size_t state_bytes = 64;
  std::array<ReductionFunctions, compute_type_count> functions{};
  DTypes dtypes;
  const void* functor = nullptr;                          // its tag
  std::array<ComputeType, compute_type_count> results{};  // of each compute type
};

template <class F, class T>
void add_reduction(ReductionKernel& kernel) {
  using State = typename F::template State<T>;
  using Result = typename State::Result;
  static_assert(sizeof(State) <= ReductionKernel::state_bytes);
  const auto at = static_cast<size_t>(compute_type<T>());
  kernel.results[at] = compute_type<Result>();
  kernel.functions[at] = {[](std::byte* state) { *reinterpret_cast<State*>(state) = State{}; },
                          [](std::byte* state, const std::byte* block, int64_t count, int64_t first) {
                            State folded = *reinterpret_cast<const State*>(state);
                            const T* const elements = reinterpret_cast<const T*>(block);
                            for (int64_t i = 0; i < count; ++i) folded.fold(elements[i], first + i);
                            *reinterpret_cast<State*>(state) = folded;
                          },
                          [](const std::byte* state, int64_t count, std::byte* result) {
                            *reinterpret_cast<Result*>(result) =
                                reinterpret_cast<const State*>(state)->finish(count);
                          }};
}

template <class F, DTypes dtypes>
ReductionKernel reduction_kernel() {
  ReductionKernel kernel;
  kernel.dtypes = dtypes;
  kernel.functor = functor_tag<F>();
  for_each_compute_type<dtypes>([&]<class T>() { add_reduction<F, T>(kernel); });
  return kernel;
}

}  // namespace engine
