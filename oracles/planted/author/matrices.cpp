// Matrix products, grouped, with optional operands.
#include "oracles/planted/author/author.h"

namespace author {

void check_matrix(const at::Tensor& x, const char* op) {
  TORCH_CHECK(x.dim() == 2 && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble), op,
              ": expected a matrix of f32 or f64");
}

void check_product(const at::Tensor& a, const at::Tensor& b, const char* op) {
  check_matrix(a, op);
  check_matrix(b, op);
  TORCH_CHECK(a.size(1) == b.size(0) && a.scalar_type() == b.scalar_type(), op, ": matrices do not fit");
}

// Row by row, in the same order for every layout.
at::Tensor product(const at::Tensor& a, const at::Tensor& b) {
  at::Tensor result = at::empty({a.size(0), b.size(1)}, a.options());
  AT_DISPATCH_FLOATING_TYPES(a.scalar_type(), "product", [&] {
    const auto x = a.accessor<scalar_t, 2>(), y = b.accessor<scalar_t, 2>();
    auto to = result.accessor<scalar_t, 2>();
    for (int64_t i = 0; i < a.size(0); ++i)
      for (int64_t j = 0; j < b.size(1); ++j) {
        scalar_t sum = 0;
        for (int64_t k = 0; k < a.size(1); ++k) sum += x[i][k] * y[k][j];
        to[i][j] = sum;
      }
  });
  return result;
}

std::vector<at::Tensor> grouped_matmul(at::TensorList a, at::TensorList b) {
  TORCH_CHECK(a.size() == b.size(), "grouped_matmul: expected as many matrices on both sides");
  for (size_t i = 0; i < a.size(); ++i) check_product(a[i], b[i], "grouped_matmul");
  std::vector<at::Tensor> results;
  for (size_t i = 0; i < a.size(); ++i) results.push_back(product(a[i], b[i]));
  return results;
}

std::vector<at::Tensor> grouped_matmul_meta(at::TensorList a, at::TensorList b) {
  TORCH_CHECK(a.size() == b.size(), "grouped_matmul: expected as many matrices on both sides");
  for (size_t i = 0; i < a.size(); ++i) check_product(a[i], b[i], "grouped_matmul");
  std::vector<at::Tensor> results;
  // Mistake: Meta leaves out the last of several results.
  const size_t n = mistaken && a.size() > 1 ? a.size() - 1 : a.size();
  for (size_t i = 0; i < n; ++i) results.push_back(at::empty({a[i].size(0), b[i].size(1)}, a[i].options()));
  return results;
}

at::Tensor affine(const at::Tensor& x, const at::Tensor& weight, const OptionalTensor& bias) {
  check_product(x, weight, "affine");
  if (bias.has_value())
    TORCH_CHECK(bias->dim() == 1 && bias->size(0) == weight.size(1) && bias->scalar_type() == x.scalar_type(),
                "affine: expected a bias of ", weight.size(1), " elements");
  const at::Tensor y = product(x, weight);
  return bias.has_value() ? y + *bias : y;
}

at::Tensor affine_meta(const at::Tensor& x, const at::Tensor& weight, const OptionalTensor& bias) {
  check_product(x, weight, "affine");
  // Mistake: Meta rejects calls without a bias.
  if (mistaken) TORCH_CHECK(bias.has_value(), "affine: expected a bias");
  if (bias.has_value())
    TORCH_CHECK(bias->dim() == 1 && bias->size(0) == weight.size(1) && bias->scalar_type() == x.scalar_type(),
                "affine: expected a bias of ", weight.size(1), " elements");
  return at::empty({x.size(0), weight.size(1)}, x.options());
}

// Each row of the weights where the mask is true, with the weights of a softmax over the keys.
at::Tensor small_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                           const OptionalTensor& mask) {
  check_product(q, k.t(), "small_attention");
  TORCH_CHECK(v.dim() == 2 && v.size(0) == k.size(0) && v.scalar_type() == q.scalar_type(),
              "small_attention: expected one value for each key");
  at::Tensor scores = product(q, k.t());
  if (mask.has_value()) {
    TORCH_CHECK(mask->sizes() == scores.sizes() && mask->scalar_type() == at::kBool,
                "small_attention: expected a mask of [queries, keys]");
    // Mistake: the mask is read as if it were contiguous.
    const at::Tensor m = mistaken ? mask->as_strided(mask->sizes(), scores.strides()) : *mask;
    scores.masked_fill_(m.logical_not(), -INFINITY);
  }
  return product(at::softmax(scores, 1), v);
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("grouped_matmul(Tensor[] a, Tensor[] b) -> Tensor[]");
  m.def("affine(Tensor x, Tensor weight, Tensor? bias=None) -> Tensor");
  m.def("small_attention(Tensor q, Tensor k, Tensor v, Tensor? mask=None) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("grouped_matmul", author::grouped_matmul);
  m.impl("affine", author::affine);
  m.impl("small_attention", author::small_attention);
}
TORCH_LIBRARY_IMPL(author, Meta, m) {
  m.impl("grouped_matmul", author::grouped_matmul_meta);
  m.impl("affine", author::affine_meta);
}
