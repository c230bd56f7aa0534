// BLAS: matrix products through OpenBLAS. The first product loads the library, with one thread, so that other
// processes do not carry it and a fork meets no threads.
// Promises: c = a b for contiguous row-major matrices, a of m x k, b of k x n. Returns false without OpenBLAS
// and for dtypes that it does not multiply.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/core/dtype.h"

namespace engine::cpu {

bool blas_product(DType dtype, const std::byte* a, const std::byte* b, std::byte* c, int64_t m, int64_t k,
                  int64_t n);

// Loads the library now: before a fork, so that children share it.
void load_blas();

}  // namespace engine::cpu
