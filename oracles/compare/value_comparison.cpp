#include "oracles/compare/value_comparison.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/core/check.h"
#include "oracles/compare/element.h"

namespace oracles {

using engine::DType;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Pair {
  double left[2] = {0, 0};
  double right[2] = {0, 0};
};

// The elements of two buffers of one dtype.
class Elements {
 public:
  Elements(const TensorSnapshot& left, const TensorSnapshot& right)
      : dtype_(left.dtype), size_(engine::size_of(left.dtype)), left_(left.values), right_(right.values) {}

  DType dtype() const { return dtype_; }
  int components() const { return components_of(dtype_); }
  int64_t count() const { return static_cast<int64_t>(left_.size() / size_); }
  bool same_bits(int64_t i) const { return std::memcmp(left_at(i), right_at(i), size_) == 0; }
  Pair at(int64_t i) const {
    Pair pair;
    for (int c = 0; c < components(); ++c) {
      pair.left[c] = component_at(dtype_, left_at(i), c);
      pair.right[c] = component_at(dtype_, right_at(i), c);
    }
    return pair;
  }

 private:
  const std::byte* left_at(int64_t i) const { return left_.data() + static_cast<size_t>(i) * size_; }
  const std::byte* right_at(int64_t i) const { return right_.data() + static_cast<size_t>(i) * size_; }
  DType dtype_;
  size_t size_;
  const std::vector<std::byte>& left_;
  const std::vector<std::byte>& right_;
};

bool same_class(double l, double r) {
  if (std::isnan(l) || std::isnan(r)) return std::isnan(l) && std::isnan(r);
  if (std::isinf(l) || std::isinf(r)) return l == r;
  return true;
}

// T0, for elements whose bits differ.
bool equal_exactly(double l, double r, const Comparison& rules) {
  if (std::isnan(l) && std::isnan(r)) return !rules.sign_of_nan;
  if (l != r) return false;
  return l != 0 || !rules.signed_zero || std::signbit(l) == std::signbit(r);
}

double largest_part(const Pair& pair) {
  double largest = 0;
  for (double x : {pair.left[0], pair.left[1], pair.right[0], pair.right[1]})
    if (std::isfinite(x)) largest = std::max(largest, std::fabs(x));
  return largest;
}

struct Bounds {
  DType dtype;
  double ulps, accumulated;

  double of(double size) const { return accumulated + ulps * ulp_at(dtype, size); }

  // One exact result near the largest finite number may be rounded to either of the two.
  bool may_overflow(double l, double r) const {
    if (!is_overflow(l) && !is_overflow(r)) return false;
    if (!std::isfinite(l) && !std::isfinite(r)) return false;
    const double largest = largest_of(dtype), finite = std::fabs(std::isfinite(l) ? l : r);
    return std::signbit(l) == std::signbit(r) &&
           finite + accumulated + ulps * ulp_at(dtype, largest) >= largest;
  }

 private:
  bool is_overflow(double x) const { return std::isinf(x) || (std::isnan(x) && !has_infinity(dtype)); }
};

bool finite(const double (&x)[2]) { return std::isfinite(x[0]) && std::isfinite(x[1]); }

// Whether the pattern of NaN and infinity is the same under a bound; see the header.
bool same_pattern(const Pair& pair, bool complex, const Bounds& bounds) {
  if (finite(pair.left) && finite(pair.right)) return true;
  if (!finite(pair.left) && !finite(pair.right) && complex) return true;
  for (int c = 0; c < 2; ++c)
    if (!same_class(pair.left[c], pair.right[c]) && !bounds.may_overflow(pair.left[c], pair.right[c]))
      return false;
  return true;
}

std::optional<ValueDifference> pattern_difference(const Elements& elements, const Bounds& bounds,
                                                  bool exact) {
  for (int64_t i = 0; i < elements.count(); ++i) {
    if (elements.same_bits(i)) continue;
    const Pair pair = elements.at(i);
    const bool same = exact
                          ? same_class(pair.left[0], pair.right[0]) && same_class(pair.left[1], pair.right[1])
                          : same_pattern(pair, elements.components() == 2, bounds);
    if (!same) return ValueDifference{Kind::nan_pattern, i, infinity, 0, exact};
  }
  return std::nullopt;
}

ComparedValues compare_exactly(const Elements& elements, const Comparison& rules) {
  ComparedValues compared;
  for (int64_t i = 0; i < elements.count(); ++i) {
    if (elements.same_bits(i)) continue;
    const Pair pair = elements.at(i);
    // Different integers may be the same double; different bytes may be the same bool.
    bool equal = !engine::is_integral(elements.dtype()) || elements.dtype() == DType::b8;
    for (int c = 0; c < elements.components(); ++c)
      equal = equal && equal_exactly(pair.left[c], pair.right[c], rules);
    if (equal) continue;
    const double difference =
        std::max(std::fabs(pair.left[0] - pair.right[0]), std::fabs(pair.left[1] - pair.right[1]));
    compared.difference = {Kind::value, i, difference, 0, true};
    compared.exact = false;
    return compared;
  }
  return compared;
}

ComparedValues compare_within(const Elements& elements, const Comparison& rules, const Bounds& bounds) {
  ComparedValues compared;
  for (int64_t i = 0; i < elements.count(); ++i) {
    if (elements.same_bits(i)) continue;
    const Pair pair = elements.at(i);
    if (!finite(pair.left) || !finite(pair.right)) {
      compared.exact = compared.exact && equal_exactly(pair.left[0], pair.right[0], rules) &&
                       equal_exactly(pair.left[1], pair.right[1], rules);
      continue;
    }
    const double bound = bounds.of(largest_part(pair));
    for (int c = 0; c < elements.components(); ++c) {
      if (equal_exactly(pair.left[c], pair.right[c], rules)) continue;
      compared.exact = false;
      const double difference = std::fabs(pair.left[c] - pair.right[c]);
      if (bound > 0) compared.worst_share = std::max(compared.worst_share, difference / bound);
      if (difference <= bound) continue;
      compared.difference = {Kind::value, i, difference, bound, false};
      return compared;
    }
  }
  return compared;
}

}  // namespace

ComparedValues compare_values(const TensorSnapshot& left, const TensorSnapshot& right,
                              const Comparison& rules) {
  CHECK(left.dtype == right.dtype && left.values.size() == right.values.size(),
        "the tensors have different shapes or dtypes");
  if (left.values.empty() || std::memcmp(left.values.data(), right.values.data(), left.values.size()) == 0)
    return {};
  const Elements elements(left, right);
  const bool exact = rules.tolerance.tier <= Tier::t0 || engine::is_integral(left.dtype);
  const Bounds bounds{left.dtype, rules.tolerance.ulps, rules.tolerance.accumulated};
  if (auto difference = pattern_difference(elements, bounds, exact)) return {std::move(difference), false};
  return exact ? compare_exactly(elements, rules) : compare_within(elements, rules, bounds);
}

}  // namespace oracles
