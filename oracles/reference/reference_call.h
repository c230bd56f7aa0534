// What a reference is given: one call's arguments, their elements widened; and which scalar is wide enough.
#pragma once

#include "oracles/reference/kernels/reference.h"
#include "oracles/trial/seen_tensors.h"

namespace oracles {

// f64, its complex numbers and 64-bit integers need more than a double.
bool needs_quad(const TensorSnapshot& tensor);

// A tensor's elements. Throws reference::Unknown where the run did not see them.
template <class W>
reference::Array<W> widened(const TensorSnapshot& tensor);

// Throws reference::Unknown for an argument that references do not know.
template <class W>
reference::Call<W> reference_call(const corpora::Call& call, const engine::Schema& schema, SeenTensors& seen);

}  // namespace oracles
