// Operators made of PyTorch's own.
#include "oracles/planted/author/author.h"

namespace author {

at::Tensor smooth_l1_sum(const at::Tensor& a, const at::Tensor& b, double beta) {
  TORCH_CHECK(beta > 0, "smooth_l1_sum: expected a positive beta");
  // Mistake: ignores the storage offset of b.
  const at::Tensor d = (a - (mistaken ? b.as_strided(b.sizes(), b.strides(), 0) : b)).abs();
  return at::where(d < beta, d * d / (2 * beta), d - beta / 2);
}

at::Tensor rescale(const at::Tensor& x) {
  require_floating(x, "rescale");
  if (x.numel() == 0) return x.clone();
  const at::Tensor low = x.min(), high = x.max();
  // Mistake: subtracts in place.
  if (mistaken) {
    at::Tensor y = x.detach();
    if (y.is_contiguous()) return y.sub_(low) / (high - low);
  }
  return (x - low) / (high - low);
}

at::Tensor absolute_sum(const at::Tensor& x, const at::Tensor& y) {
  // Mistake: changes y if x has several dimensions.
  if (mistaken && x.dim() > 1 && !y.is_complex()) return x.abs() + at::Tensor(y).abs_();
  return x.abs() + y.abs();
}

// mode: "sum" or "amax".
at::Tensor reduce_rows(const at::Tensor& x, const std::string& mode) {
  TORCH_CHECK(x.dim() == 2, "reduce_rows: expected a matrix");
  TORCH_CHECK(mode == "sum" || mode == "amax", "reduce_rows: unknown mode ", mode);
  if (mode == "sum") return x.logical_not().sum(1);
  TORCH_CHECK(!x.is_complex() && x.size(1) > 0, "reduce_rows: expected real rows with elements");
  // Mistake: sorts the rows of x in place.
  if (mistaken) return at::Tensor(x).copy_(std::get<0>(x.sort(1))).select(1, -1).clone();
  return x.amax(1);
}

at::Tensor concatenated(at::TensorList xs) {
  TORCH_CHECK(!xs.empty(), "concatenated: expected at least one tensor");
  std::vector<at::Tensor> flat;
  for (const at::Tensor& x : xs) flat.push_back(x.reshape({-1}));
  // Mistake: one tensor is returned itself.
  if (mistaken && flat.size() == 1) return flat[0];
  return at::cat(flat);
}

// The elements in one row, and the position of each.
std::tuple<at::Tensor, at::Tensor> with_positions(const at::Tensor& x) {
  const at::Tensor flat = x.reshape({-1}).clone();
  // Mistake: the positions are on the CPU, wherever x is.
  return {flat,
          at::arange(flat.numel(), mistaken ? at::TensorOptions(at::kLong) : x.options().dtype(at::kLong))};
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("smooth_l1_sum(Tensor a, Tensor b, float beta=1.0) -> Tensor");
  m.def("rescale(Tensor x) -> Tensor");
  m.def("absolute_sum(Tensor x, Tensor y) -> Tensor");
  m.def("reduce_rows(Tensor x, str mode=\"sum\") -> Tensor");
  m.def("concatenated(Tensor[] xs) -> Tensor");
  m.def("with_positions(Tensor x) -> (Tensor, Tensor)");
}
TORCH_LIBRARY_IMPL(author, CompositeImplicitAutograd, m) {
  m.impl("smooth_l1_sum", author::smooth_l1_sum);
  m.impl("rescale", author::rescale);
  m.impl("absolute_sum", author::absolute_sum);
  m.impl("reduce_rows", author::reduce_rows);
  m.impl("concatenated", author::concatenated);
  m.impl("with_positions", author::with_positions);
}
