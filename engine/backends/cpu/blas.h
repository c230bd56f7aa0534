// BLAS: matrix products through OpenBLAS, loaded when the first one is asked for and kept to one thread, so
// that nothing of it lives in a process that multiplies no matrices, and forks find no threads.
// Promises: c = a b for contiguous row-major matrices, a of m x k, b of k x n; false where there is no
// OpenBLAS or it has no product for the type.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/core/dtype.h"

namespace engine::cpu {

bool blas_product(DType dtype, const std::byte* a, const std::byte* b, std::byte* c, int64_t m, int64_t k,
                  int64_t n);

// Loads it now: before a fork, so that children need not.
void load_blas();

}  // namespace engine::cpu
