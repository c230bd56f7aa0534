#include "engine/backends/cpu/blas.h"

#include <dlfcn.h>

#include <cstdlib>
#include <limits>

namespace engine::cpu {

namespace {

constexpr int row_major = 101, no_transpose = 111;  // CBLAS's numbers

template <class T>
using RealProduct = void (*)(int, int, int, int, int, int, T, const T*, int, const T*, int, T, T*, int);
using ComplexProduct = void (*)(int, int, int, int, int, int, const void*, const void*, int, const void*, int,
                                const void*, void*, int);

struct Blas {
  RealProduct<float> sgemm = nullptr;
  RealProduct<double> dgemm = nullptr;
  ComplexProduct cgemm = nullptr, zgemm = nullptr;

  Blas() {
    setenv("OPENBLAS_NUM_THREADS", "1", /*overwrite=*/1);
    void* library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    sgemm = reinterpret_cast<RealProduct<float>>(dlsym(library, "cblas_sgemm"));
    dgemm = reinterpret_cast<RealProduct<double>>(dlsym(library, "cblas_dgemm"));
    cgemm = reinterpret_cast<ComplexProduct>(dlsym(library, "cblas_cgemm"));
    zgemm = reinterpret_cast<ComplexProduct>(dlsym(library, "cblas_zgemm"));
  }
};

const Blas& blas() {
  static const Blas loaded;
  return loaded;
}

template <class T>
bool real_product(RealProduct<T> gemm, const std::byte* a, const std::byte* b, std::byte* c, int m, int k,
                  int n) {
  if (!gemm) return false;
  gemm(row_major, no_transpose, no_transpose, m, n, k, T{1}, reinterpret_cast<const T*>(a), k,
       reinterpret_cast<const T*>(b), n, T{0}, reinterpret_cast<T*>(c), n);
  return true;
}

template <class T>
bool complex_product(ComplexProduct gemm, const std::byte* a, const std::byte* b, std::byte* c, int m, int k,
                     int n) {
  if (!gemm) return false;
  const T one[2] = {1, 0}, zero[2] = {0, 0};
  gemm(row_major, no_transpose, no_transpose, m, n, k, one, a, k, b, n, zero, c, n);
  return true;
}

}  // namespace

void load_blas() { blas(); }

bool blas_product(DType dtype, const std::byte* a, const std::byte* b, std::byte* c, int64_t m, int64_t k,
                  int64_t n) {
  constexpr int64_t most = std::numeric_limits<int>::max();
  if (m == 0 || n == 0 || k == 0 || m > most || n > most || k > most) return false;
  const int rows = static_cast<int>(m), inner = static_cast<int>(k), columns = static_cast<int>(n);
  switch (dtype) {
    case DType::f32:
      return real_product<float>(blas().sgemm, a, b, c, rows, inner, columns);
    case DType::f64:
      return real_product<double>(blas().dgemm, a, b, c, rows, inner, columns);
    case DType::c64:
      return complex_product<float>(blas().cgemm, a, b, c, rows, inner, columns);
    case DType::c128:
      return complex_product<double>(blas().zgemm, a, b, c, rows, inner, columns);
    default:
      return false;
  }
}

}  // namespace engine::cpu
