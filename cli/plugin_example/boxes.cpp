// An operator whose inputs cannot be guessed: boxes [K, 5], each the number of an image and two corners. What
// its author knows is in boxes.domains and boxes.case, for `faultline run --domains` and `--samples`.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/plugin.h"

namespace {

using engine::DispatchKey;
using engine::Tensor;

// What does not depend on data. Returns the maximum of each channel in each box, not computed yet.
Tensor result_for(const Tensor& images, const Tensor& boxes) {
  if (!images.defined() || !boxes.defined()) throw engine::Error("box_max: a tensor is undefined");
  if (images.rank() != 4) throw engine::Error("box_max: images must be [N, C, H, W]");
  if (boxes.rank() != 2 || boxes.size(1) != 5) throw engine::Error("box_max: boxes must be [K, 5]");
  if (images.size(0) == 0 && boxes.size(0) > 0)
    throw engine::Error("box_max: the box names an image that is not in the batch");
  if (images.dtype() != engine::DType::f64 || boxes.dtype() != engine::DType::f64)
    throw engine::Error("box_max: doubles only");
  return engine::make_tensor(engine::DType::f64, engine::Dims{boxes.size(0), images.size(1)},
                             images.device());
}

double at(const Tensor& tensor, std::initializer_list<int64_t> index) {
  int64_t position = 0;
  for (size_t d = 0; d < index.size(); ++d) position += index.begin()[d] * tensor.stride(d);
  return tensor.data<double>()[position];
}

// The corner as a position in [0, size].
int64_t corner(double position, int64_t size) {
  if (!(position >= 0 && position <= static_cast<double>(size)))
    throw engine::Error("box_max: a box is not inside of its image");
  return static_cast<int64_t>(position);
}

Tensor box_max(const Tensor& images, const Tensor& boxes) {
  const Tensor result = result_for(images, boxes);
  for (int64_t k = 0; k < boxes.size(0); ++k) {
    const double number = at(boxes, {k, 0});
    if (!(number >= 0 && number < static_cast<double>(images.size(0))) || number != std::floor(number))
      throw engine::Error("box_max: the box names an image that is not in the batch");
    const int64_t left = corner(at(boxes, {k, 1}), images.size(3)),
                  top = corner(at(boxes, {k, 2}), images.size(2));
    const int64_t right = corner(at(boxes, {k, 3}), images.size(3)),
                  bottom = corner(at(boxes, {k, 4}), images.size(2));
    if (left > right || top > bottom) throw engine::Error("box_max: the corners are in the wrong order");
    for (int64_t c = 0; c < images.size(1); ++c) {
      double largest = -std::numeric_limits<double>::infinity();
      for (int64_t y = top; y < bottom; ++y)
        for (int64_t x = left; x < right; ++x)
          largest = std::fmax(largest, at(images, {static_cast<int64_t>(number), c, y, x}));
      result.data<double>()[k * images.size(1) + c] = largest;
    }
  }
  return result;
}

}  // namespace

void faultline_register(engine::Dispatcher& dispatcher) {
  engine::Library example(dispatcher, "example", "boxes.cpp");
  example.def("box_max(Tensor images, Tensor boxes) -> Tensor", engine::accuracy::exact);
  example.impl("box_max", DispatchKey::CPU, engine::kernel<&box_max>());
  example.impl("box_max", DispatchKey::Meta, engine::kernel<&result_for>());
  example.keep();
}
