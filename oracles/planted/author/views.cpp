// Views, and operators that must not return them.
#include "oracles/planted/author/author.h"

namespace author {

std::tuple<at::Tensor, at::Tensor> split_halves(const at::Tensor& x) {
  TORCH_CHECK(x.dim() >= 1 && x.size(-1) % 2 == 0, "split_halves: the last dimension must be even");
  const int64_t half = x.size(-1) / 2;
  return {x.narrow(-1, 0, half), x.narrow(-1, half, half)};
}

std::tuple<at::Tensor, at::Tensor> split_halves_meta(const at::Tensor& x) {
  const auto [a, b] = split_halves(x);
  return {a, mistaken ? b.clone() : b};  // mistake: Meta returns one new tensor
}

at::Tensor permuted_copy(const at::Tensor& x, at::IntArrayRef dims) {
  return x.permute(dims).clone(at::MemoryFormat::Contiguous);
}

at::Tensor permuted_copy_meta(const at::Tensor& x, at::IntArrayRef dims) {
  const at::Tensor view = x.permute(dims);
  std::vector<int64_t> sizes = view.sizes().vec();
  if (mistaken)  // mistake: takes negative dimensions for 0
    for (size_t i = 0; i < sizes.size(); ++i) sizes[i] = x.size(std::max<int64_t>(dims[i], 0));
  return at::empty(sizes, x.options());
}

// Drops whole rows in training; the identity otherwise.
at::Tensor drop_rows(const at::Tensor& x, double p, bool training) {
  TORCH_CHECK(p >= 0 && p <= 1, "drop_rows: expected a probability");
  require_floating(x, "drop_rows");
  TORCH_CHECK(x.dim() >= 1, "drop_rows: expected at least one dimension");
  if (!training || p == 0) return mistaken ? x : x.clone();  // mistake: undeclared alias
  std::vector<int64_t> sizes(static_cast<size_t>(x.dim()), 1);
  sizes[0] = x.size(0);
  return x * at::rand(sizes, x.options()).ge(p);
}

// Contiguous inputs only.
at::Tensor flat_view(const at::Tensor& x) {
  TORCH_CHECK(x.is_contiguous(), "flat_view: expected a contiguous tensor");
  // Mistake: returns a copy where the schema declares a view, and Meta a view.
  return mistaken && x.dim() > 2 && x.device().is_cpu() ? x.reshape({-1}).clone() : x.view({-1});
}

// Sums of the rows, of contiguous inputs only.
at::Tensor strict_row_sums(const at::Tensor& x) {
  TORCH_CHECK(x.is_contiguous(), "strict_row_sums: expected a contiguous tensor");
  TORCH_CHECK(x.dim() == 2 && x.scalar_type() == at::kLong, "strict_row_sums: expected a matrix of int64");
  at::Tensor sums = at::zeros({x.size(0)}, x.options());
  const int64_t* from = x.data_ptr<int64_t>();
  if (mistaken && x.size(0) > 2)
    from = static_cast<const int64_t*>(x.storage().data_ptr().get());  // mistake: offset
  for (int64_t i = 0; i < x.numel(); ++i)
    sums.data_ptr<int64_t>()[i / x.size(1)] = static_cast<int64_t>(
        static_cast<uint64_t>(sums.data_ptr<int64_t>()[i / x.size(1)]) + static_cast<uint64_t>(from[i]));
  return sums;
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("split_halves(Tensor(a) x) -> (Tensor(a), Tensor(a))");
  m.def("permuted_copy(Tensor x, int[] dims) -> Tensor");
  m.def("drop_rows(Tensor x, float p=0.5, bool training=False) -> Tensor");
  m.def("flat_view(Tensor(a) x) -> Tensor(a)");
  m.def("strict_row_sums(Tensor x) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("split_halves", author::split_halves);
  m.impl("permuted_copy", author::permuted_copy);
  m.impl("drop_rows", author::drop_rows);
  m.impl("flat_view", author::flat_view);
  m.impl("strict_row_sums", author::strict_row_sums);
}
TORCH_LIBRARY_IMPL(author, Meta, m) {
  m.impl("split_halves", author::split_halves_meta);
  m.impl("permuted_copy", author::permuted_copy_meta);
  m.impl("flat_view", author::flat_view);
}
