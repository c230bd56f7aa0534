#include "oracles/subjects/torch/incoming_gradients.h"

#include <algorithm>

#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"

namespace oracles::aten {

namespace {

struct Layout {
  engine::Dims strides;
  int64_t offset = 0;
  size_t elements = 0;
};

Layout layout_of(const engine::Dims& sizes, size_t parts, GradientForm form) {
  const auto count = static_cast<size_t>(engine::element_count(sizes));
  Layout layout{engine::contiguous_strides(sizes), 0, count};
  if (form == GradientForm::plain && is_expanded(count * parts)) {
    std::ranges::fill(layout.strides, 0);
    layout.elements = 1;
    return layout;
  }
  if (form == GradientForm::strided || form == GradientForm::transposed) {
    int64_t stride = 1;
    for (size_t d = 0; d < sizes.size(); ++d) {
      layout.strides[d] = stride;
      stride *= sizes[d];
    }
  }
  if ((form == GradientForm::strided || form == GradientForm::sliced) && count > 0) {
    layout.offset = 1;
    layout.elements = 2 * count;
    for (int64_t& stride : layout.strides) stride *= 2;
  }
  return layout;
}

}  // namespace

at::Tensor incoming_gradient(engine::DType dtype, const engine::Dims& sizes, GradientPlace place,
                             GradientForm form) {
  const auto parts = static_cast<size_t>(components_of(dtype));
  const size_t width = engine::size_of(dtype) / parts;
  const auto count = static_cast<size_t>(engine::element_count(sizes));
  const std::vector<double> numbers = cotangent(place.call, place.result, count * parts);
  const Layout layout = layout_of(sizes, parts, form);
  std::vector<std::byte> bytes(layout.elements * parts * width);
  for_each_place(sizes, layout.strides, layout.offset, [&](size_t at, size_t i) {
    for (size_t c = 0; c < parts; ++c)
      store_component(dtype, (form == GradientForm::lazy && c == 0 ? -1 : 1) * numbers[i * parts + c],
                      bytes.data() + (at * parts + c) * width);
  });
  c10::DispatchKeySet keys(c10::DispatchKey::CPU);
  if (form == GradientForm::lazy) keys = keys.add(c10::DispatchKey::Negative);
  if (form == GradientForm::lazy && parts > 1) keys = keys.add(c10::DispatchKey::Conjugate);
  return tensor_on(filled_storage(bytes), dtype, keys, sizes, layout.strides, layout.offset);
}

}  // namespace oracles::aten
