// Arguments of references: the arguments of a call with widened elements.
#pragma once

#include "oracles/reference/kernels/reference.h"
#include "oracles/trial/seen_tensors.h"

namespace oracles {

// Whether the elements need more than a double: f64, c128 and i64.
bool needs_quad(const TensorSnapshot& tensor);

// The elements of a tensor. Throws reference::Unknown if the snapshot has none.
template <class W>
reference::Array<W> widened(const TensorSnapshot& tensor);

// Throws reference::Unknown for an argument that references do not support.
template <class W>
reference::Call<W> reference_call(const corpora::Call& call, const engine::Schema& schema, SeenTensors& seen);

}  // namespace oracles
