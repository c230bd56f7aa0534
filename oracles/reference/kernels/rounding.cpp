#include "oracles/reference/kernels/rounding.h"

#include <cmath>

#include "engine/core/float_formats.h"
#include "oracles/reference/kernels/wide_math.h"

namespace reference {

namespace {

using engine::Scalar;

// Rounds to 53 bits "to odd": the last bit is set if any bit was lost. A later rounding to fewer bits then
// gives the same result as a single rounding.
double to_odd(int64_t x) {
  constexpr int64_t lost = (int64_t{1} << 11) - 1;
  if (x > -(int64_t{1} << 53) && x < (int64_t{1} << 53)) return static_cast<double>(x);
  return static_cast<double>((x & lost) == 0 ? x : (x & ~lost) | (lost + 1));
}

// Whether the integer dtype can hold x truncated.
template <class W>
bool truncates_into(DType dtype, W x) {
  if (!is_finite(x)) return false;
  if (dtype == DType::b8) return true;
  const bool is_unsigned = engine::is_unsigned_integer(dtype);
  const int bits = static_cast<int>(8 * engine::size_of(dtype)) - (is_unsigned ? 0 : 1);
  const W high = std::ldexp(1.0, bits), low = is_unsigned ? W{0} : -high;
  const W whole_part = wide::trunc(x);
  return whole_part >= low && whole_part < high;
}

template <class W>
Array<W> integers_cast(const Array<W>& from, DType to, bool rounds) {
  Array<W> made = blank<W>(to, from.sizes);
  for (size_t i = 0; i < from.count(); ++i) {
    const int64_t x = from.integers[i];
    if (engine::is_integral(to)) {
      made.set(i, x);
      continue;
    }
    const W value = rounds ? static_cast<W>(nearest(to, x)) : static_cast<W>(x);
    if (engine::is_complex(to))
      made.set(i, Complex<W>{value, 0});
    else
      made.set(i, value);
  }
  return made;
}

template <class W>
Array<W> cast_to_integers(const Array<W>& from, DType to, std::vector<bool>* unspecified) {
  Array<W> made = blank<W>(to, from.sizes);
  const bool complex = engine::is_complex(from.dtype);
  for (size_t i = 0; i < from.count(); ++i) {
    const Complex<W> x = complex ? from.template at<Complex<W>>(i) : Complex<W>{from.parts[i], 0};
    if (to == DType::b8) {
      made.set(i, !(x == Complex<W>{}));
    } else if (truncates_into(to, x.re)) {
      made.set(i, static_cast<int64_t>(x.re));
    } else if (unspecified) {
      unspecified->resize(from.count());
      (*unspecified)[i] = true;
    }
  }
  return made;
}

}  // namespace

double nearest(DType dtype, double x) {
  return engine::with_stored(engine::component_of(dtype), [&]<class Stored>() -> double {
    if constexpr (engine::HasFormat<Stored>)
      return engine::double_from(engine::stored_from<Stored>(x));
    else
      return x;
  });
}

double nearest(DType dtype, int64_t x) {
  if (engine::component_of(dtype) == DType::f64) return static_cast<double>(x);
  return nearest(dtype, to_odd(x));
}

bool holds(DType to, DType from) {
  if (to == from) return true;
  const DType wide = engine::component_of(to), narrow = engine::component_of(from);
  if (engine::is_complex(from) && !engine::is_complex(to)) return false;
  if (wide == narrow) return true;
  return engine::size_of(wide) > engine::size_of(narrow);
}

template <class W>
Array<W> cast(const Array<W>& from, DType to, bool rounds, std::vector<bool>* unspecified) {
  if (from.dtype == to) return from;
  if (engine::is_integral(from.dtype)) return integers_cast(from, to, rounds);
  if (engine::is_integral(to)) return cast_to_integers(from, to, unspecified);
  Array<W> made = blank<W>(to, from.sizes);
  const bool was_complex = engine::is_complex(from.dtype), complex = engine::is_complex(to);
  const bool narrows = rounds && !holds(engine::component_of(to), engine::component_of(from.dtype));
  const auto kept = [&](W x) { return narrows ? static_cast<W>(nearest(to, static_cast<double>(x))) : x; };
  for (size_t i = 0; i < from.count(); ++i) {
    const W re = kept(from.parts[was_complex ? 2 * i : i]);
    if (complex)
      made.set(i, Complex<W>{re, was_complex ? kept(from.parts[2 * i + 1]) : W{0}});
    else
      made.set(i, re);
  }
  return made;
}

template <class W>
Array<W> array_of(const Scalar& number, DType dtype) {
  Array<W> one;
  if (number.is_integral()) {
    one = blank<W>(number.kind() == Scalar::Kind::boolean ? DType::b8 : DType::i64, {});
    one.set(0, number.to_integer());
  } else {
    one = blank<W>(number.is_complex() ? DType::c128 : DType::f64, {});
    const std::complex<double> value = number.to_complex();
    if (number.is_complex())
      one.set(0, Complex<W>{value.real(), value.imag()});
    else
      one.set(0, static_cast<W>(value.real()));
  }
  return cast(one, dtype);
}

template Array<double> cast(const Array<double>&, DType, bool, std::vector<bool>*);
template Array<Quad> cast(const Array<Quad>&, DType, bool, std::vector<bool>*);
template Array<double> array_of(const Scalar&, DType);
template Array<Quad> array_of(const Scalar&, DType);

}  // namespace reference
