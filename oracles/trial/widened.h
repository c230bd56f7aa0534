// widened: a case with the same numbers in wider dtypes: f16, bf16 and f32 as f64, c64 as c128, also in dtype
// arguments.
#pragma once

#include <optional>

#include "corpora/case/case.h"
#include "corpora/case/image.h"

namespace oracles {

// The wide dtype for one of the dtypes above; nothing for others.
std::optional<engine::DType> wide_dtype(engine::DType dtype);

// Nothing if there is no narrow storage, or if the values are too many for a case. Storages become explicit
// values.
std::optional<corpora::Case> widened(const corpora::Case& c, const corpora::Image& image);

}  // namespace oracles
