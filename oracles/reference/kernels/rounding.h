// Rounding and casting, written independently of the engine: of operands to the dtype in which an operator
// computes, and of results to the dtype of the tensor that is written.
#pragma once

#include "engine/core/scalar.h"
#include "oracles/reference/kernels/array.h"

namespace reference {

// x rounded to the dtype's (component's) format; x must be representable in f64.
double nearest(DType dtype, double x);
// An integer, rounded once to the format.
double nearest(DType dtype, int64_t x);

// Whether `to` represents every number of `from` exactly.
bool holds(DType to, DType from);

// The array cast to another dtype: fractions, imaginary parts and high bits are dropped, numbers are rounded.
// A float that the integer dtype cannot hold becomes unspecified, and is marked in `unspecified` if that is
// given.
template <class W>
Array<W> cast(const Array<W>& from, DType to, bool rounds = true, std::vector<bool>* unspecified = nullptr);

// One number as a 0-dim array, rounded to the dtype.
template <class W>
Array<W> array_of(const engine::Scalar& number, DType dtype);

extern template Array<double> cast(const Array<double>&, DType, bool, std::vector<bool>*);
extern template Array<Quad> cast(const Array<Quad>&, DType, bool, std::vector<bool>*);
extern template Array<double> array_of(const engine::Scalar&, DType);
extern template Array<Quad> array_of(const engine::Scalar&, DType);

}  // namespace reference
