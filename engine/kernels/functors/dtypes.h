// Sets of dtypes that lists of kernels name. nvcc passes a set on by its name only, never an expression.
#pragma once

#include "engine/kernels/dtype_set.h"

namespace engine::functors {

inline constexpr DTypes all_but_bool = all_dtype_set - bool_dtype;
inline constexpr DTypes ordered_but_bool = ordered_dtypes - bool_dtype;
inline constexpr DTypes integers_and_bool = bool_dtype | integer_dtypes;

}  // namespace engine::functors
