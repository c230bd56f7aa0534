#include "engine/ops/promotion.h"

#include <fmt/core.h>

#include <cmath>

#include "engine/core/error.h"
#include "engine/core/float_formats.h"

namespace engine::ops {

namespace {

enum Category { boolean, integer, real, complex };

Category category_of(DType dtype) {
  if (dtype == DType::b8) return boolean;
  if (is_integral(dtype)) return integer;
  return is_complex(dtype) ? complex : real;
}

std::optional<DType> joined(std::optional<DType> a, DType b) { return a ? promoted(*a, b) : b; }

struct Range {
  double lowest, largest;
};

// `largest` of integers is the first number above the largest, which a double holds exactly.
Range range_of(DType dtype) {
  const int bits = static_cast<int>(size_of(dtype)) * 8;
  if (is_unsigned_integer(dtype)) return {0, std::ldexp(1.0, bits)};
  if (is_integral(dtype)) return {-std::ldexp(1.0, bits - 1), std::ldexp(1.0, bits - 1)};
  const double largest = with_format(dtype, []<class Format>(Format) { return largest_of<Format>(); });
  return {-largest, largest};
}

bool holds(double x, DType dtype) {
  const Range range = range_of(dtype);
  if (is_integral(dtype)) return std::isfinite(x) && x >= range.lowest && x < range.largest;
  return !std::isfinite(x) || (x >= range.lowest && x <= range.largest);
}

// The narrowest signed integer that is wider than `dtype`.
DType next_signed(DType dtype) {
  std::optional<DType> next;
  for (DType each : all_dtypes)
    if (class_of(each) == DTypeClass::integer && !is_unsigned_integer(each) &&
        size_of(each) > size_of(dtype) && (!next || size_of(each) < size_of(*next)))
      next = each;
  if (!next) throw Error(fmt::format("no integer dtype holds both {} and signed numbers", name_of(dtype)));
  return *next;
}

// The lower sort counts only if its category is higher.
std::optional<DType> combined(std::optional<DType> higher, std::optional<DType> lower) {
  if (!higher) return lower;
  if (!lower || category_of(*higher) >= category_of(*lower)) return higher;
  if (category_of(*higher) == real) return to_complex(*higher);
  return promoted(*higher, *lower);
}

}  // namespace

DType promoted(DType a, DType b) {
  if (a == b) return a;
  const Category ca = category_of(a), cb = category_of(b);
  if (ca == complex || cb == complex) return to_complex(promoted(component_of(a), component_of(b)));
  if (ca != cb) return ca > cb ? a : b;
  if (ca == real) {
    const bool two_halves = size_of(a) == 2 && size_of(b) == 2;
    return two_halves ? DType::f32 : size_of(a) > size_of(b) ? a : b;
  }
  const DType larger = size_of(a) > size_of(b) ? a : b, smaller = larger == a ? b : a;
  if (is_unsigned_integer(a) == is_unsigned_integer(b)) return larger;
  if (!is_unsigned_integer(larger) && size_of(larger) > size_of(smaller)) return larger;
  return next_signed(larger);
}

bool can_cast(DType from, DType to) {
  if (from == to) return true;
  if (is_complex(from) && !is_complex(to)) return false;
  if (is_floating(from) && is_integral(to)) return false;
  return from == DType::b8 || to != DType::b8;
}

DType to_floating(DType dtype) { return is_integral(dtype) ? default_dtype : dtype; }

// The engine has no complex half: half dtypes become c64.
DType to_complex(DType dtype) {
  if (is_complex(dtype)) return dtype;
  return dtype == DType::f64 ? DType::c128 : DType::c64;
}

DType dtype_of(const Scalar& number) {
  switch (number.kind()) {
    case Scalar::Kind::boolean:
      return DType::b8;
    case Scalar::Kind::integer:
      return DType::i64;
    case Scalar::Kind::real:
      return default_dtype;
    case Scalar::Kind::complex:
      break;
  }
  return to_complex(default_dtype);
}

void check_fits(const Scalar& number, DType dtype) {
  if (dtype == DType::b8) return;
  bool fit = true;
  if (number.is_complex()) {
    const std::complex<double> value = number.to_complex();
    fit =
        holds(value.real(), dtype) && holds(value.imag(), dtype) && (is_complex(dtype) || value.imag() == 0);
  } else if (number.is_integral() && is_unsigned_integer(dtype)) {
    fit = std::abs(static_cast<double>(number.to_integer())) < range_of(dtype).largest;
  } else if (!number.is_integral() || dtype != DType::i64) {
    fit = holds(number.to_real(), dtype);
  }
  if (!fit) throw Error(fmt::format("value cannot be converted to type {} without overflow", name_of(dtype)));
}

Promotion& Promotion::add(const Tensor& tensor) {
  std::optional<DType>& sort = tensor.rank() > 0 ? dims_ : zero_dims_;
  sort = joined(sort, tensor.dtype());
  return *this;
}

Promotion& Promotion::add(const Scalar& number) {
  numbers_ = joined(numbers_, dtype_of(number));
  return *this;
}

DType Promotion::result() const {
  return combined(combined(dims_, zero_dims_), numbers_).value_or(default_dtype);
}

}  // namespace engine::ops
