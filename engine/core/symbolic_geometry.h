// Symbolic geometry: sizes, strides and offset of a fake tensor as expressions. The tensor's own geometry has
// their numbers in the case at hand. Promises: a tensor without symbols has no such object, and the functions
// return its numbers.
#pragma once

#include "engine/core/attachment.h"
#include "engine/core/sym_int.h"
#include "engine/core/tensor.h"

namespace engine {

struct SymbolicGeometry : AttachmentOf<SymbolicGeometry> {
  SymDims sizes, strides;
  SymInt offset;
};

// Null if the tensor has no symbols.
const SymbolicGeometry* symbolic_geometry(const Tensor& tensor);
// With no symbol among them, the tensor has none.
void set_symbolic_geometry(const Tensor& tensor, SymDims sizes, SymDims strides, SymInt offset);

SymDims sym_dims(IntSpan numbers);
SymDims sym_sizes(const Tensor& tensor);
SymDims sym_strides(const Tensor& tensor);
SymInt sym_offset(const Tensor& tensor);
SymInt sym_count(const Tensor& tensor);

}  // namespace engine
