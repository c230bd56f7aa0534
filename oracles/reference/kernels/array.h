// Array: a tensor as references see it: its logical elements in row-major order, in a wider scalar. Integers
// and bools are held as 64-bit integers, floating-point numbers as W, which is double or Quad. W is wider
// than the dtype, so a loop over W computes the value that the dtype should hold before rounding. Promises: a
// stored integer wraps to its dtype; a stored floating-point number is not rounded (rounding.h rounds where a
// rule requires it). Refuses arrays that are too large to compute, by throwing Unknown.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/core/dtype.h"
#include "engine/core/shape.h"

namespace reference {

using engine::Dims;
using engine::DType;
__extension__ typedef __float128 Quad;  // binary128, as g++ and clang++ know it on x86-64

template <class W>
struct Complex {
  W re{}, im{};
};

// The three categories of elements: integers, real numbers, complex numbers.
template <class T>
concept Real = std::is_same_v<T, double> || std::is_same_v<T, Quad>;
template <class T>
concept Ordered = Real<T> || std::is_same_v<T, int64_t>;
template <class T>
concept Floating = !std::is_same_v<T, int64_t>;
template <class T>
inline constexpr bool is_complex_type = false;
template <class W>
inline constexpr bool is_complex_type<Complex<W>> = true;

// The call must raise.
struct Raises {
  std::string why;
};
// The reference does not know.
struct Unknown {
  std::string why;
};

int64_t wrapped(DType dtype, int64_t value);  // to the dtype's bits; a bool is 0 or 1

template <class W>
struct Array {
  DType dtype = DType::f32;
  Dims sizes;
  std::vector<int64_t> integers;  // of integer and bool dtypes
  std::vector<W> parts;           // of floating-point dtypes; complex: real, imaginary, real, ...

  size_t count() const { return static_cast<size_t>(engine::element_count(sizes)); }
  size_t rank() const { return sizes.size(); }

  // T is what the dtype is computed in: int64_t, W or Complex<W>.
  template <class T>
  T at(size_t i) const {
    if constexpr (std::is_same_v<T, int64_t>)
      return integers[i];
    else if constexpr (is_complex_type<T>)
      return {parts[2 * i], parts[2 * i + 1]};
    else
      return parts[i];
  }
  void set(size_t i, int64_t value) { integers[i] = wrapped(dtype, value); }
  void set(size_t i, bool value) { integers[i] = value; }
  void set(size_t i, W value) { parts[i] = value; }
  void set(size_t i, Complex<W> value) {
    parts[2 * i] = value.re;
    parts[2 * i + 1] = value.im;
  }
};

// The number of elements of these sizes. Throws Unknown if it is too large to hold.
size_t countable(const Dims& sizes);

// Zeros.
template <class W>
Array<W> blank(DType dtype, Dims sizes) {
  const size_t count = countable(sizes);
  Array<W> made{dtype, std::move(sizes), {}, {}};
  if (engine::is_integral(dtype))
    made.integers.resize(count);
  else
    made.parts.resize(engine::is_complex(dtype) ? 2 * count : count);
  return made;
}

// call.operator()<T>() with the type T in which elements of the dtype are computed.
template <class W, class Call>
decltype(auto) with_elements(DType dtype, Call&& call) {
  if (engine::is_integral(dtype)) return call.template operator()<int64_t>();
  if (engine::is_complex(dtype)) return call.template operator()<Complex<W>>();
  return call.template operator()<W>();
}

// The positions of the elements of a strided walk over an array. Views, expansions and slices are such lists.
std::vector<size_t> places(const Dims& sizes, const Dims& strides, int64_t offset = 0);

// The elements at these positions, as an array of these sizes.
template <class W>
Array<W> picked(const Array<W>& from, Dims sizes, const std::vector<size_t>& at) {
  Array<W> made = blank<W>(from.dtype, std::move(sizes));
  with_elements<W>(from.dtype, [&]<class T>() {
    for (size_t i = 0; i < at.size(); ++i) made.set(i, from.template at<T>(at[i]));
  });
  return made;
}

}  // namespace reference
