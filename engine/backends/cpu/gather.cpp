#include "engine/backends/cpu/gather.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/backends/cpu/blocks.h"
#include "engine/core/shape.h"

namespace engine::cpu {

void run_gather(const Tensor& out, const Tensor& self, size_t dim, const Tensor& index) {
  if (out.element_count() == 0) return;
  // Where each index would read if it were zero: along the other dimensions.
  Dims sideways(index.rank(), 0);
  for (size_t d = 0; d < std::min(self.rank(), index.rank()); ++d)
    sideways[d] = d == dim ? 0 : self.stride(d);
  const int64_t step = self.rank() == 0 ? 0 : self.stride(dim);
  std::vector<int64_t> from, to;
  for_each_position(index.sizes(), sideways, 0, [&](int64_t at) { from.push_back(at); });
  for_each_position(out.sizes(), out.strides(), 0, [&](int64_t at) { to.push_back(at); });
  const size_t width = size_of(self.dtype());
  const auto bytes = [](const Tensor& tensor, int64_t at) {
    return tensor.data<std::byte>() + at * static_cast<int64_t>(size_of(tensor.dtype()));
  };
  size_t i = 0;
  for_each_position(index.sizes(), index.strides(), 0, [&](int64_t at) {
    int64_t chosen = 0;
    load_block(ComputeType::integer, reinterpret_cast<std::byte*>(&chosen), index.dtype(), bytes(index, at),
               1, 1);
    std::memcpy(bytes(out, to[i]), bytes(self, from[i] + chosen * step), width);
    ++i;
  });
}

}  // namespace engine::cpu
