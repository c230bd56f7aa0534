// Rounding and casting, written a second time: what an operand becomes in the dtype in which an operator
// computes, and a result in that of the tensor that is written.
#pragma once

#include "engine/core/scalar.h"
#include "oracles/reference/kernels/array.h"

namespace reference {

// x as the nearest number of the dtype's (component's) format; x must be of f64 at most.
double nearest(DType dtype, double x);
// An integer as the nearest number of the format: rounded once.
double nearest(DType dtype, int64_t x);

// Every number of `from` is one of `to`.
bool holds(DType to, DType from);

// The array in another dtype: fractions, imaginary parts and high bits are lost, numbers rounded. A float
// that the integer dtype cannot hold may become anything: noted in `unspecified` where that is given.
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
