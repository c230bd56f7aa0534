// Promotion and broadcasting, written a second time: from the rules in PyTorch's documentation, not from the
// engine's. Promotion is a lattice here and is compared with PyTorch for every pair of dtypes in the tests of
// the torch subject.
#pragma once

#include <optional>

#include "engine/core/scalar.h"
#include "oracles/reference/kernels/array.h"

namespace reference {

DType promoted(DType a, DType b);  // throws Unknown where they do not meet
inline DType floating(DType dtype) { return engine::is_integral(dtype) ? DType::f32 : dtype; }
// The dtype in which kernels compute: f32 for the half types, else the dtype itself.
inline DType computed_in(DType dtype) {
  return class_of(dtype) == engine::DTypeClass::half ? DType::f32 : dtype;
}

// The common dtype of operands: of tensors with dimensions; those without, and then numbers, count only where
// they are of a higher category (bool < integer < real < complex).
class Operands {
 public:
  void add(DType dtype, size_t rank) { join(rank > 0 ? dims_ : no_dims_, dtype); }
  void add(const engine::Scalar& number);
  DType dtype() const;

 private:
  static void join(std::optional<DType>& with, DType dtype);
  std::optional<DType> dims_, no_dims_, numbers_;
};

// The sizes that both broadcast to. Throws Raises if two sizes differ and neither is 1.
Dims broadcast(const Dims& a, const Dims& b);
// The strides over row-major elements of `from` that show them in `to`, which `from` broadcasts to.
Dims broadcast_strides(const Dims& from, const Dims& to);
// Resolves a dimension that may be negative; a 0-dim tensor accepts 0 and -1. Throws Raises if out of range.
size_t dimension(int64_t dim, size_t rank);

}  // namespace reference
