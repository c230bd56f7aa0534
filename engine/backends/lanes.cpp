#include "engine/backends/lanes.h"

#include <algorithm>
#include <numeric>

#include "engine/ops/geometry_rules.h"

namespace engine {

Lane lane_of(const Tensor& tensor, IntSpan sizes) {
  return {static_cast<std::byte*>(tensor.data()), tensor.dtype(),
          ops::broadcast_strides(tensor.sizes(), tensor.strides(), sizes)};
}

void number_as(ops::ComputeType type, const Scalar& number, std::byte* element) {
  ops::with_compute_type(type, [&]<class T>() {
    auto& value = *reinterpret_cast<T*>(element);
    if constexpr (math::is_complex<T>) {
      const std::complex<double> both = number.to_complex();
      value = {static_cast<typename T::Component>(both.real()),
               static_cast<typename T::Component>(both.imag())};
    } else if constexpr (std::is_same_v<T, int64_t>) {
      value = number.is_integral() ? number.to_integer() : math::to_integer(number.to_real());
    } else {
      value = static_cast<T>(number.to_real());
    }
  });
}

// The result's memory order, so that inner loops run along it; then neighbours joined.
void simplify(Dims& sizes, std::span<Lane> lanes) {
  Few<size_t, 8> order(sizes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const Dims& lead = lanes[0].strides;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return lead[a] != lead[b] ? lead[a] > lead[b] : a < b; });
  Dims kept;
  Few<Dims> strides(lanes.size());
  for (const size_t d : order) {
    if (sizes[d] == 1) continue;
    const bool joins = !kept.empty() && std::equal(lanes.begin(), lanes.end(), strides.begin(),
                                                   [&](const Lane& lane, const Dims& before) {
                                                     return before.back() == lane.strides[d] * sizes[d];
                                                   });
    if (joins)
      kept.back() *= sizes[d];
    else
      kept.push_back(sizes[d]);
    for (size_t l = 0; l < lanes.size(); ++l) {
      if (joins)
        strides[l].back() = lanes[l].strides[d];
      else
        strides[l].push_back(lanes[l].strides[d]);
    }
  }
  if (kept.empty()) {
    kept.push_back(1);
    for (Dims& each : strides) each.push_back(0);
  }
  sizes = std::move(kept);
  for (size_t l = 0; l < lanes.size(); ++l) lanes[l].strides = std::move(strides[l]);
}

}  // namespace engine
