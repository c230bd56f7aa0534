// Promotion: the dtype that operands of several dtypes meet in, by PyTorch's rule: tensors with dimensions
// decide before 0-dim ones, these before numbers, and a lower sort speaks only where its category (bool,
// integer, real, complex) is higher.
#pragma once

#include <optional>

#include "engine/core/dtype.h"
#include "engine/core/scalar.h"
#include "engine/core/tensor.h"

namespace engine::ops {

inline constexpr DType default_dtype = DType::f32;

// The smallest dtype that both fit in.
DType promoted(DType a, DType b);
// Whether a result of one dtype may be written into a tensor of another.
bool can_cast(DType from, DType to);
// Integers become the default dtype: what division and elementary functions compute in.
DType to_floating(DType dtype);
// The complex dtype whose parts have this dtype.
DType to_complex(DType dtype);
DType dtype_of(const Scalar& number);
// Refuses a number that an element of the dtype cannot hold: too large, not finite, or with an imaginary part
// that would be lost. Fractions may be; negative integers wrap in unsigned ones, as aten has it.
void check_fits(const Scalar& number, DType dtype);

class Promotion {
 public:
  Promotion& add(const Tensor& tensor);
  Promotion& add(const Scalar& number);
  DType result() const;  // of nothing: the default dtype

 private:
  std::optional<DType> dims_, zero_dims_, numbers_;
};

}  // namespace engine::ops
