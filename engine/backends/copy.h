// Copies and fills on any machine, made of its pointwise kernels, and copies between machines.
#pragma once

#include "engine/core/scalar.h"
#include "engine/core/tensor.h"

namespace engine {

// Elements of `from`, cast, into `to`; `from` broadcasts. They may not overlap.
void copy_elements(const Tensor& to, const Tensor& from);

// Every element becomes the number, cast; the tensor's lazy bits are seen through.
void fill_elements(const Tensor& to, const Scalar& number);

// The values of `from`, cast, become those of `to`: lazy conjugation and negation of either side are
// resolved, a ZeroTensor is read as zeros. `from` broadcasts. The two may not overlap.
void copy_values(const Tensor& to, const Tensor& from);

// The truth of each element where `dtype` is bool and elements are no integers: a fraction is true, though as
// an integer it would be zero. Otherwise the tensor itself.
Tensor truths_for(DType dtype, const Tensor& self);

// The elements where the host may read them: the tensor itself, or a contiguous copy without its lazy bits.
Tensor on_host(const Tensor& self);

}  // namespace engine
