#include "engine/backends/cpu/rows.h"

#include <vector>

#include "engine/backends/cpu/blocks.h"
#include "engine/core/shape.h"

namespace engine::cpu {

namespace {

// Where rows begin: every index but along `dim`.
std::vector<int64_t> row_places(const Tensor& tensor, size_t dim) {
  Dims sizes = tensor.sizes().copy();
  if (!sizes.empty()) sizes[dim] = 1;
  std::vector<int64_t> places;
  for_each_position(sizes, tensor.strides(), 0, [&](int64_t at) { places.push_back(at); });
  return places;
}

}  // namespace

void run_rows(const RowKernel& kernel, const Tensor& out, const Tensor& self, size_t dim) {
  if (self.element_count() == 0) return;
  const bool one = self.rank() == 0;
  const int64_t count = one ? 1 : self.size(dim);
  const int64_t from_stride = one ? 1 : self.stride(dim), to_stride = one ? 1 : out.stride(dim);
  const std::vector<int64_t> from = row_places(self, dim), to = row_places(out, dim);
  std::vector<double> row(static_cast<size_t>(count));
  auto* const bytes = reinterpret_cast<std::byte*>(row.data());
  const auto from_width = static_cast<int64_t>(size_of(self.dtype()));
  const auto to_width = static_cast<int64_t>(size_of(out.dtype()));
  for (size_t i = 0; i < from.size(); ++i) {
    load_block(ComputeType::f64, bytes, self.dtype(), self.data<std::byte>() + from[i] * from_width,
               from_stride, count);
    kernel.row(row.data(), count);
    store_block(out.dtype(), out.data<std::byte>() + to[i] * to_width, to_stride, ComputeType::f64, bytes,
                count);
  }
}

}  // namespace engine::cpu
