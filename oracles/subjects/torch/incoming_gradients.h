// Incoming gradients: tensors with the cotangent of a result (cotangents.h), in different memory.
#pragma once

#include "engine/core/dtype.h"
#include "engine/core/shape.h"
#include "oracles/gradients/incoming_draw.h"
#include "oracles/subjects/torch/inputs.h"

namespace oracles::aten {

// The n-th tensor, `result`, that a call returned.
struct GradientPlace {
  size_t call, result;
};

at::Tensor incoming_gradient(engine::DType dtype, const engine::Dims& sizes, GradientPlace place,
                             GradientForm form);

// Calls visit(place, index) for each element in row-major order: its place in the storage.
template <class Visit>
void for_each_place(const engine::Dims& sizes, const engine::Dims& strides, int64_t offset, Visit&& visit) {
  size_t index = 0;
  engine::for_each_position(sizes, strides, offset,
                            [&](int64_t place) { visit(static_cast<size_t>(place), index++); });
}

}  // namespace oracles::aten
