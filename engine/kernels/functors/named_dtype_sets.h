// Sets of dtypes for kernel lists, as named constants: nvcc does not accept an expression as a template
// argument of a list's entry.
#pragma once

#include "engine/kernels/dtype_set.h"

namespace engine::functors {

inline constexpr DTypes all_but_bool = all_dtype_set - bool_dtype;
inline constexpr DTypes ordered_but_bool = ordered_dtypes - bool_dtype;
inline constexpr DTypes integers_and_bool = bool_dtype | integer_dtypes;

}  // namespace engine::functors
