#include "engine/backends/lanes.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace engine {

namespace {

// In the result's memory order, so that inner loops run along its memory.
void sort_dimensions(Dims& sizes, std::span<Lane> lanes) {
  const Dims& lead = lanes[0].strides;
  if (std::is_sorted(lead.begin(), lead.end(), std::greater<>())) return;
  SmallVector<size_t, 8> order(sizes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return lead[a] != lead[b] ? lead[a] > lead[b] : a < b; });
  const auto permute = [&](Dims& dims) {
    const Dims before = dims;
    for (size_t d = 0; d < order.size(); ++d) dims[d] = before[order[d]];
  };
  permute(sizes);
  for (Lane& lane : lanes) permute(lane.strides);
}

}  // namespace

Tensor with_dimension(const Tensor& tensor) {
  return tensor.rank() == 0 ? tensor.view({1}, {1}, tensor.offset()) : tensor;
}

Dims broadcast_strides(IntSpan sizes, IntSpan strides, IntSpan wanted) {
  Dims seen(wanted.size(), 0);
  const size_t lead = wanted.size() - sizes.size();
  for (size_t d = 0; d < sizes.size(); ++d)
    if (sizes[d] == wanted[lead + d]) seen[lead + d] = strides[d];
  return seen;
}

Dims strides_beside(const Tensor& tensor, size_t dim, size_t rank) {
  Dims strides(rank, 0);
  for (size_t d = 0; d < std::min(tensor.rank(), rank); ++d)
    if (d != dim) strides[d] = tensor.stride(d);
  return strides;
}

Lane lane_of(const Tensor& tensor, IntSpan sizes) {
  return {static_cast<std::byte*>(tensor.data()), tensor.dtype(),
          broadcast_strides(tensor.sizes(), tensor.strides(), sizes)};
}

void number_as(ComputeType type, const Scalar& number, std::byte* element) {
  with_compute_type(type, [&]<class T>() {
    auto& value = *reinterpret_cast<T*>(element);
    if constexpr (math::is_complex<T>) {
      const std::complex<double> both = number.to_complex();
      value = math::cast<T>(math::Complex<double>{both.real(), both.imag()});
    } else if constexpr (std::is_same_v<T, int64_t>) {
      value = number.is_integral() ? number.to_integer() : math::to_integer(number.to_real());
    } else {
      value = static_cast<T>(number.to_real());
    }
  });
}

void simplify(Dims& sizes, std::span<Lane> lanes) {
  sort_dimensions(sizes, lanes);
  size_t kept = 0;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (sizes[d] == 1) continue;
    const bool joins = kept > 0 && std::all_of(lanes.begin(), lanes.end(), [&](const Lane& lane) {
                         return lane.strides[kept - 1] == lane.strides[d] * sizes[d];
                       });
    if (!joins) ++kept;
    for (Lane& lane : lanes) lane.strides[kept - 1] = lane.strides[d];
    sizes[kept - 1] = joins ? sizes[kept - 1] * sizes[d] : sizes[d];
  }
  const size_t left = std::max<size_t>(kept, 1);
  sizes.resize(left, 1);
  for (Lane& lane : lanes) {
    if (kept == 0) lane.strides.clear();
    lane.strides.resize(left, 0);
  }
}

}  // namespace engine
