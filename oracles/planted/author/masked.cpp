// Operators with masks.
#include "oracles/planted/author/author.h"

namespace author {

void check_masked(const at::Tensor& x, const at::Tensor& mask, const char* op) {
  TORCH_CHECK(x.dim() == 2 && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble), op,
              ": expected a matrix of f32 or f64");
  TORCH_CHECK(mask.sizes() == x.sizes() && mask.scalar_type() == at::kBool, op, ": expected a mask of bools");
}

// The largest kept element of each row, -inf where none is kept.
at::Tensor masked_max(const at::Tensor& x, const at::Tensor& mask) {
  check_masked(x, mask, "masked_max");
  if (mistaken) {  // mistake: writes the mask into x
    if (x.is_contiguous())
      return std::get<0>(at::Tensor(x).masked_fill_(mask.logical_not(), -INFINITY).max(1));
  }
  return std::get<0>(x.masked_fill(mask.logical_not(), -INFINITY).max(1));
}

// The number of kept elements of each row.
at::Tensor kept_per_row(const at::Tensor& x, const at::Tensor& mask) {
  check_masked(x, mask, "kept_per_row");
  at::Tensor counts = at::zeros({x.size(0)}, x.options().dtype(at::kLong));
  const at::Tensor m = mask.contiguous();
  // Mistake: divides the elements by the rows, of which there may be none.
  const int64_t columns = mistaken ? m.numel() / m.size(0) : m.size(1);
  for (int64_t row = 0; row < x.size(0); ++row)
    for (int64_t i = 0; i < columns; ++i)
      counts.data_ptr<int64_t>()[row] += m.data_ptr<bool>()[row * columns + i];
  return counts;
}

// x where the mask is true, else the number.
at::Tensor select_or(const at::Tensor& x, const at::Tensor& mask, const at::Scalar& other) {
  TORCH_CHECK(x.scalar_type() == at::kFloat && mask.scalar_type() == at::kByte,
              "select_or: expected f32 and u8");
  TORCH_CHECK(x.sizes() == mask.sizes(), "select_or: expected one mask element for each element");
  const at::Tensor from = x.contiguous(), keep = mask.contiguous();
  at::Tensor result = at::empty(x.sizes(), x.options());
  const auto fill = other.to<float>();
  // Mistake: takes the last element of a 0-dimensional tensor's sizes.
  const int64_t n = mistaken && x.numel() == 1 ? x.size(x.dim() - 1) : x.numel();
  for (int64_t i = 0; i < n; ++i)
    result.data_ptr<float>()[i] = keep.data_ptr<uint8_t>()[i] != 0 ? from.data_ptr<float>()[i] : fill;
  return result;
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("masked_max(Tensor x, Tensor mask) -> Tensor");
  m.def("kept_per_row(Tensor x, Tensor mask) -> Tensor");
  m.def("select_or(Tensor x, Tensor mask, Scalar other) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("masked_max", author::masked_max);
  m.impl("kept_per_row", author::kept_per_row);
  m.impl("select_or", author::select_or);
}
