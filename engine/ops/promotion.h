// Promotion: the common dtype of operands, by PyTorch's rule. Tensors with dimensions decide first, then
// 0-dim tensors, then numbers; a later sort counts only if its category (bool, integer, real, complex) is
// higher.
#pragma once

#include <optional>

#include "engine/core/dtype.h"
#include "engine/core/scalar.h"
#include "engine/core/tensor.h"

namespace engine::ops {

inline constexpr DType default_dtype = DType::f32;

// The smallest dtype that holds both.
DType promoted(DType a, DType b);
// Whether a result of one dtype may be written into a tensor of another.
bool can_cast(DType from, DType to);
// Integers become the default dtype: what division and elementary functions compute in.
DType to_floating(DType dtype);
// The complex dtype whose parts have this dtype.
DType to_complex(DType dtype);
DType dtype_of(const Scalar& number);
// Refuses a number that an element of the dtype cannot hold: too large, not finite, or with an imaginary part
// that would be lost. Allows fractions, and negative integers, which wrap in unsigned dtypes, as in ATen.
void check_fits(const Scalar& number, DType dtype);

class Promotion {
 public:
  Promotion& add(const Tensor& tensor);
  Promotion& add(const Scalar& number);
  DType result() const;  // the default dtype without operands

 private:
  std::optional<DType> dims_, zero_dims_, numbers_;
};

}  // namespace engine::ops
