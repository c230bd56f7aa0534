// DTypeSet: a set of dtypes as bits, in the order of engine::all_dtypes.
#pragma once

#include <cstdint>

#include "engine/core/dtype.h"

namespace corpora {

using DTypeSet = uint32_t;
static_assert(engine::dtype_count < 32);

constexpr DTypeSet only(engine::DType dtype) { return DTypeSet{1} << static_cast<unsigned>(dtype); }

inline constexpr DTypeSet every_dtype = (DTypeSet{1} << engine::dtype_count) - 1;
inline constexpr DTypeSet computed_dtypes = (DTypeSet{1} << engine::computed_dtypes.size()) - 1;

}  // namespace corpora
