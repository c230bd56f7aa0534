#include "engine/backends/cpu/products.h"

#include <algorithm>
#include <vector>

#include "engine/backends/copy.h"
#include "engine/backends/cpu/blas.h"
#include "engine/kernels/compute_type.h"
#include "engine/kernels/reduction_kernel.h"

namespace engine::cpu {

namespace {

Tensor packed(const Tensor& tensor, DType dtype) {
  if (tensor.is_contiguous() && tensor.dtype() == dtype) return tensor;
  const Tensor made = make_tensor(dtype, tensor.sizes(), tensor.device(), system_allocator());
  copy_elements(made, tensor);
  return made;
}

// The innermost loop runs along rows of b and c. Sums accumulate in the wider type.
template <class T>
void plain_product(const T* a, const T* b, T* c, int64_t m, int64_t k, int64_t n) {
  std::vector<Wider<T>> sums(static_cast<size_t>(n));
  for (int64_t i = 0; i < m; ++i) {
    std::fill(sums.begin(), sums.end(), Wider<T>{});
    for (int64_t l = 0; l < k; ++l) {
      const auto factor = math::cast<Wider<T>>(a[i * k + l]);
      for (int64_t j = 0; j < n; ++j) {
        auto& sum = sums[static_cast<size_t>(j)];
        sum = math::add(sum, math::mul(factor, math::cast<Wider<T>>(b[l * n + j])));
      }
    }
    for (int64_t j = 0; j < n; ++j) c[i * n + j] = math::cast<T>(sums[static_cast<size_t>(j)]);
  }
}

}  // namespace

void matrix_product(const Tensor& out, const Tensor& a, const Tensor& b) {
  if (out.element_count() == 0) return;
  const ComputeType type = compute_type_of(out.dtype());
  const DType dtype = dtype_of(type);
  const Tensor left = packed(a, dtype), right = packed(b, dtype);
  const bool direct = out.is_contiguous() && out.dtype() == dtype;
  const Tensor product = direct ? out : make_tensor(dtype, out.sizes(), out.device(), system_allocator());
  const int64_t m = a.size(0), k = a.size(1), n = b.size(1);
  const bool narrow = dtype != out.dtype();
  if (narrow || !blas_product(dtype, left.data<std::byte>(), right.data<std::byte>(),
                              product.data<std::byte>(), m, k, n))
    with_compute_type(
        type, [&]<class T>() { plain_product(left.data<T>(), right.data<T>(), product.data<T>(), m, k, n); });
  if (!direct) copy_elements(out, product);
}

}  // namespace engine::cpu
