#include "oracles/reference/reference_comparison.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "oracles/compare/comparator.h"
#include "oracles/compare/element.h"
#include "oracles/reference/kernels/promotion.h"
#include "oracles/reference/kernels/rounding.h"
#include "oracles/reference/kernels/wide_math.h"
#include "oracles/reference/reference_call.h"

namespace oracles {

namespace {

using engine::DType;
using reference::Quad;
namespace wide = reference::wide;

// The unit in the last place at |x|. Uses the exponent of x, because a conversion to double may round x up.
template <class W>
double ulp_of(DType dtype, W x) {
  const W size = wide::fabs(x);
  if (!(size > W{0})) return ulp_at(dtype, 0);
  if (!reference::is_finite(size)) return std::numeric_limits<double>::infinity();
  const int exponent = std::clamp(wide::ilogb(size), -1100, 1023);
  return ulp_at(dtype, std::ldexp(1.0, exponent));
}

// The relative error of so many roundings (Higham's gamma).
double gamma(double roundings, double unit) {
  const double ku = roundings * unit;
  return ku < 0.5 ? ku / (1 - ku) : std::numeric_limits<double>::infinity();
}

DType computed_in(DType result, const Accuracy& accuracy) {
  if (accuracy.computed_in && reference::holds(result, *accuracy.computed_in)) return *accuracy.computed_in;
  return accuracy.halves_in_f32 ? reference::computed_in(result) : result;
}

template <class W>
class Bounds {
 public:
  Bounds(const reference::Result<W>& expected, DType found, const Accuracy& accuracy)
      : expected_(expected),
        found_(engine::component_of(found)),
        result_(engine::component_of(expected.computed)),
        compute_(computed_in(result_, accuracy)),
        accumulator_(accuracy.wide_accumulator && !accuracy.computed_in ? DType::f64 : compute_),
        sums_(accuracy.tier == Tier::t3) {
    by_modulus_ = engine::is_complex(expected.computed) && accuracy.complex_ulps > 0;
    ulps_ = by_modulus_ ? accuracy.complex_ulps : accuracy.ulps;
  }

  // Of the part x of element i; `largest` is the larger one of its parts.
  double of(size_t i, W x, W largest) const {
    const double size = held(static_cast<double>(wide::fabs(x)));
    // The modulus is at most twice the larger part.
    const double own = engine::is_complex(expected_.computed) ? held(2 * static_cast<double>(largest)) : size;
    const double magnitude = expected_.magnitudes.empty() ? own : expected_.magnitudes[i];
    double bound = ulps_ * ulp_of(compute_, by_modulus_ ? largest : x);
    if (sums_ && expected_.roundings > 0) {
      const double unit = unit_roundoff(accumulator_);
      bound += gamma(expected_.roundings, unit) * magnitude +
               expected_.roundings * expected_.amplified * ulp_at(accumulator_, 0);
    }
    if (result_ != compute_) bound += ulp_of(result_, size + bound) / 2;
    if (!reference::holds(found_, result_)) bound += ulp_of(found_, size + bound) / 2;
    return bound + (expected_.roundings + 4) * own_unit * std::max(size, magnitude);
  }

  // Whether an intermediate result may have overflowed the compute dtype.
  bool may_overflow_before(size_t i) const {
    const double limit = largest_of(accumulator_) / 2;
    if (!expected_.steps.empty() && !(expected_.steps[i] < limit)) return true;
    return sums_ && !expected_.magnitudes.empty() && !(expected_.magnitudes[i] < limit);
  }

  // Whether a number within the bound rounds to infinity.
  bool reaches_infinity(W x, double bound) const {
    const double least = std::min({largest_of(found_), largest_of(result_), largest_of(compute_)});
    return static_cast<double>(wide::fabs(x)) + bound >= least;
  }

 private:
  // Keeps a bound finite if the reference exceeds the largest double.
  static double held(double size) { return std::min(size, std::numeric_limits<double>::max()); }

  // The relative rounding error of the reference, with a margin for functions of the C library.
  static constexpr double own_unit = std::is_same_v<W, Quad> ? 0x1p-110 : 0x1p-51;

  const reference::Result<W>& expected_;
  DType found_, result_, compute_, accumulator_;
  bool sums_, by_modulus_ = false;
  double ulps_ = 0;
};

// The values of a reference as a tensor.
template <class W>
TensorSnapshot rounded(const reference::Array<W>& values) {
  TensorSnapshot shot;
  shot.dtype = values.dtype;
  shot.sizes = values.sizes;
  shot.strides = engine::contiguous_strides(values.sizes);
  const DType component = engine::component_of(values.dtype);
  const size_t width = engine::size_of(component);
  shot.values.resize((values.integers.size() + values.parts.size()) * width);
  std::byte* to = shot.values.data();
  for (const int64_t each : values.integers) {
    std::memcpy(to, &each, width);  // little endian, wrapped
    to += width;
  }
  for (const W each : values.parts) {
    store_component(component, static_cast<double>(each), to);
    to += width;
  }
  shot.has_values = true;
  return shot;
}

template <class W>
class ElementsJudge {
 public:
  ElementsJudge(const TensorSnapshot& found, const reference::Result<W>& expected, const Accuracy& accuracy)
      : found_(found),
        expected_(expected),
        actual_(widened<W>(found)),
        bounds_(expected, found.dtype, accuracy),
        exact_(accuracy.tier <= Tier::t0),
        signed_zeros_(accuracy.tier <= Tier::t2 && expected.zero_signs &&
                      (exact_ || !engine::is_complex(found.dtype))) {}

  AgainstReference run() {
    for (size_t i = 0; i < actual_.count() && !made_.divergence; ++i) {
      if (!expected_.unspecified.empty() && expected_.unspecified[i]) continue;
      if (engine::is_integral(found_.dtype))
        judge_integer(i);
      else
        judge_floating(i);
    }
    return std::move(made_);
  }

 private:
  void judge_integer(size_t i) {
    if (actual_.integers[i] != expected_.values.integers[i]) differ(i, Kind::value, 0, 0);
  }

  void judge_floating(size_t i) {
    const size_t width = engine::is_complex(found_.dtype) ? 2 : 1;
    const W* expected = &expected_.values.parts[i * width];
    const W* actual = &actual_.parts[i * width];
    W largest{0};
    bool finite = true, actual_finite = true;
    for (size_t c = 0; c < width; ++c) {
      finite = finite && reference::is_finite(expected[c]);
      actual_finite = actual_finite && reference::is_finite(actual[c]);
      if (wide::fabs(expected[c]) > largest) largest = wide::fabs(expected[c]);
    }
    if (!exact_) {
      if (width == 2 && !finite && !actual_finite) return;  // which parts are finite depends on the formula
      if ((!actual_finite || !finite) && bounds_.may_overflow_before(i)) return;
      if (width == 2 && !actual_finite && bounds_.reaches_infinity(largest, bounds_.of(i, largest, largest)))
        return;
    }
    for (size_t c = 0; c < width && !made_.divergence; ++c)
      exact_ ? judge_exactly(i, expected[c], actual[c]) : judge_within(i, expected[c], actual[c], largest);
  }

  void judge_exactly(size_t i, W expected, W actual) {
    const DType dtype = engine::component_of(found_.dtype);
    const double rounded = reference::nearest(dtype, static_cast<double>(expected));
    const double other = static_cast<double>(actual);
    if (std::isnan(rounded) && std::isnan(other)) return;
    if (std::isnan(rounded) != std::isnan(other) || std::isinf(rounded) != std::isinf(other))
      return differ(i, Kind::nan_pattern, 0, 0);
    const bool same_sign = !signed_zeros_ || rounded != 0 || std::signbit(rounded) == std::signbit(other);
    if (rounded != other || !same_sign) differ(i, Kind::value, std::fabs(rounded - other), 0);
  }

  void judge_within(size_t i, W expected, W actual, W largest) {
    if (reference::is_nan(expected) || reference::is_nan(actual)) {
      if (reference::is_nan(expected) != reference::is_nan(actual)) differ(i, Kind::nan_pattern, 0, 0);
      return;
    }
    const bool same_side = (expected < W{0}) == (actual < W{0});
    if (!reference::is_finite(expected)) {
      if (actual != expected) differ(i, Kind::nan_pattern, 0, 0);
      return;
    }
    const double bound = bounds_.of(i, expected, largest);
    if (!reference::is_finite(actual)) {
      if (!same_side || !bounds_.reaches_infinity(expected, bound)) differ(i, Kind::nan_pattern, 0, bound);
      return;
    }
    const double difference = static_cast<double>(wide::fabs(actual - expected));
    if (bound > 0) made_.worst_share = std::max(made_.worst_share, difference / bound);
    if (difference > bound) return differ(i, Kind::value, difference, bound);
    if (signed_zeros_ && actual == W{0} &&
        std::signbit(static_cast<double>(actual)) != std::signbit(static_cast<double>(expected)))
      differ(i, Kind::value, 0, 0);
  }

  void differ(size_t i, Kind kind, double difference, double bound) {
    const TensorSnapshot right = rounded(expected_.values);
    const size_t at = i * engine::size_of(found_.dtype);
    Divergence d = divergence_of(kind, {}, Element::at(found_.dtype, found_.values.data() + at),
                                 Element::at(right.dtype, right.values.data() + at));
    d.place.element = index_of(found_.sizes, static_cast<int64_t>(i));
    d.left.whole = {result_of(found_)};
    d.right.whole = {result_of(right)};
    d.difference = difference;
    d.bound = bound;
    made_.divergence = std::move(d);
  }

  const TensorSnapshot& found_;
  const reference::Result<W>& expected_;
  reference::Array<W> actual_;
  Bounds<W> bounds_;
  bool exact_, signed_zeros_;
  AgainstReference made_;
};

Divergence of_metadata(Kind kind, const Result& found, Shown left, Shown right) {
  Divergence d = divergence_of(kind, {}, std::move(left), std::move(right));
  d.left.whole = {cut(found)};
  return d;
}

// A plain result as a 0-dim tensor.
TensorSnapshot plain_snapshot(const corpora::Value& value) {
  using corpora::ValueKind;
  TensorSnapshot shot;
  const auto hold = [&](DType dtype, const auto&... numbers) {
    shot.dtype = dtype;
    shot.has_values = true;
    const auto append = [&](const auto& number) {
      const auto* bytes = reinterpret_cast<const std::byte*>(&number);
      shot.values.insert(shot.values.end(), bytes, bytes + sizeof number);
    };
    (append(numbers), ...);
  };
  if (value.kind == ValueKind::boolean) hold(DType::b8, static_cast<uint8_t>(value.integer != 0));
  if (value.kind == ValueKind::integer) hold(DType::i64, value.integer);
  if (value.kind == ValueKind::real) hold(DType::f64, value.real);
  if (value.kind == ValueKind::complex) hold(DType::c128, value.real, value.imaginary);
  return shot;
}

}  // namespace

template <class W>
AgainstReference compare_with_reference(const Result& found, const reference::Result<W>& expected,
                                        const Accuracy& accuracy) {
  const bool tensor = found.kind == Result::Kind::tensor;
  if (tensor != expected.is_tensor)
    return {of_metadata(Kind::outputs, found, {}, Word{expected.is_tensor ? "Tensor" : "Scalar"}), 0};
  const TensorSnapshot plain = tensor ? TensorSnapshot{} : plain_snapshot(found.plain);
  const TensorSnapshot& shot = tensor ? found.tensor : plain;
  if (!shot.defined || shot.opaque) return {of_metadata(Kind::outputs, found, {}, Word{"Tensor"}), 0};
  const reference::Array<W>& values = expected.values;
  if (shot.dtype != values.dtype) return {of_metadata(Kind::dtype, found, shot.dtype, values.dtype), 0};
  if (shot.sizes != values.sizes) return {of_metadata(Kind::sizes, found, shot.sizes, values.sizes), 0};
  if (!shot.has_values || !expected.has_values) return {};
  AgainstReference made = ElementsJudge<W>(shot, expected, accuracy).run();
  if (made.divergence) {
    made.divergence->tier = accuracy.tier;
    made.divergence->bound_reason = accuracy.reason;
  }
  return made;
}

template AgainstReference compare_with_reference(const Result&, const reference::Result<double>&,
                                                 const Accuracy&);
template AgainstReference compare_with_reference(const Result&, const reference::Result<Quad>&,
                                                 const Accuracy&);

}  // namespace oracles
