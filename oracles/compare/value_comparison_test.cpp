#include "oracles/compare/value_comparison.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "oracles/compare/element.h"
#include "oracles/compare/spelling.h"

namespace oracles {
namespace {

using engine::DType;

constexpr double inf = std::numeric_limits<double>::infinity();
const double nan_value = std::nan("");
constexpr DType float_dtypes[] = {DType::f16,  DType::bf16, DType::f32,      DType::f64,   DType::c64,
                                  DType::c128, DType::c32,  DType::f8e4m3fn, DType::f8e5m2};

// Elements of real parts; complex ones get the same imaginary part.
TensorSnapshot tensor_of(DType dtype, const std::vector<double>& values) {
  TensorSnapshot t;
  t.dtype = dtype;
  t.sizes = {static_cast<int64_t>(values.size())};
  t.strides = {1};
  t.has_values = true;
  const size_t size = engine::size_of(dtype);
  const size_t part = size / static_cast<size_t>(components_of(dtype));
  t.values.resize(values.size() * size);
  for (size_t i = 0; i < values.size(); ++i)
    for (size_t at = 0; at < size; at += part)
      store_component(dtype, values[i], t.values.data() + i * size + at);
  return t;
}

Comparison within(Tolerance tolerance) {
  Comparison rules;
  rules.tolerance = std::move(tolerance);
  return rules;
}

bool agree(DType dtype, const std::vector<double>& l, const std::vector<double>& r, const Comparison& rules) {
  return !compare_values(tensor_of(dtype, l), tensor_of(dtype, r), rules).difference;
}

Kind kind(DType dtype, const std::vector<double>& l, const std::vector<double>& r, const Comparison& rules) {
  return compare_values(tensor_of(dtype, l), tensor_of(dtype, r), rules).difference.value().kind;
}

TEST(ExactComparison, NextNumberDiffers) {
  for (DType dtype : float_dtypes) {
    EXPECT_TRUE(agree(dtype, {1, 2}, {1, 2}, {}));
    EXPECT_EQ(kind(dtype, {1, 2}, {1, 2 + ulp_at(dtype, 2)}, {}), Kind::value) << engine::name_of(dtype);
  }
}

TEST(ExactComparison, LargeIntegersAreComparedExactly) {
  TensorSnapshot l = tensor_of(DType::i64, {0}), r = l;
  const int64_t a = (int64_t{1} << 60) + 1, b = int64_t{1} << 60;
  std::memcpy(l.values.data(), &a, 8);
  std::memcpy(r.values.data(), &b, 8);
  EXPECT_TRUE(compare_values(l, r, {}).difference);
}

TEST(ExactComparison, LargestUnsignedIntegersAreComparedExactly) {
  TensorSnapshot l = tensor_of(DType::u64, {0}), r = l;
  const uint64_t a = ~uint64_t{0}, b = a - 1;
  std::memcpy(l.values.data(), &a, 8);
  std::memcpy(r.values.data(), &b, 8);
  EXPECT_TRUE(compare_values(l, r, {}).difference);
  EXPECT_EQ(short_text(DType::u64, l.values.data()), "18446744073709551615");
}

TEST(ExactComparison, SignOfZeroIsComparedByDefault) {
  Comparison rules;
  EXPECT_FALSE(agree(DType::f32, {0.0}, {-0.0}, rules));
  rules.signed_zero = false;
  EXPECT_TRUE(agree(DType::f32, {0.0}, {-0.0}, rules));
}

TEST(ExactComparison, SignOfNaNIsComparedOnRequest) {
  Comparison rules;
  EXPECT_TRUE(agree(DType::f64, {nan_value}, {-nan_value}, rules));
  rules.sign_of_nan = true;
  EXPECT_FALSE(agree(DType::f64, {nan_value}, {-nan_value}, rules));
}

TEST(ExactComparison, PatternOfNaNAndInfinityIsComparedFirst) {
  for (DType dtype : float_dtypes) {
    // The value differs in element 0, the pattern in element 2.
    const ComparedValues compared =
        compare_values(tensor_of(dtype, {1, 0, nan_value}), tensor_of(dtype, {2, 0, 0}), {});
    ASSERT_TRUE(compared.difference);
    EXPECT_EQ(compared.difference->kind, Kind::nan_pattern);
    EXPECT_EQ(compared.difference->element, 2);
    if (dtype == DType::f8e4m3fn) continue;  // it has no infinities
    EXPECT_EQ(kind(dtype, {inf}, {-inf}, {}), Kind::nan_pattern);
    EXPECT_EQ(kind(dtype, {inf}, {1}, {}), Kind::nan_pattern);
  }
}

struct BoundCase {
  Tolerance tolerance;
  double bound;  // at l = 1
};

std::vector<BoundCase> bound_cases(DType dtype) {
  const double ulp = ulp_at(dtype, 1);
  return {{{.tier = Tier::t1, .ulps = 8}, 8 * ulp},
          {{.tier = Tier::t2, .ulps = 16}, 16 * ulp},
          {{.tier = Tier::t3, .ulps = 8, .accumulated = 16 * ulp}, 24 * ulp}};
}

TEST(BoundedComparison, BoundIsExact) {
  for (DType dtype : float_dtypes)
    for (const BoundCase& bounded : bound_cases(dtype)) {
      if (1 + 1.1 * bounded.bound >= 2) continue;  // above 2 the unit in the last place is larger
      const Comparison rules = within(bounded.tolerance);
      EXPECT_TRUE(agree(dtype, {1}, {1 + 0.9 * bounded.bound}, rules))
          << engine::name_of(dtype) << name_of(bounded.tolerance.tier);
      EXPECT_FALSE(agree(dtype, {1}, {1 + 1.1 * bounded.bound}, rules))
          << engine::name_of(dtype) << name_of(bounded.tolerance.tier);
    }
}

TEST(BoundedComparison, ReportsTheLargestShareOfTheBound) {
  const Comparison rules = within({.tier = Tier::t2, .ulps = 4});
  const double ulp = ulp_at(DType::f64, 1);
  const ComparedValues compared = compare_values(tensor_of(DType::f64, {1, 1, 1}),
                                                 tensor_of(DType::f64, {1, 1 + ulp, 1 + 2 * ulp}), rules);
  EXPECT_FALSE(compared.difference);
  EXPECT_FALSE(compared.exact);
  EXPECT_DOUBLE_EQ(compared.worst_share, 0.5);
}

TEST(BoundedComparison, IntegersHaveNoBound) {
  EXPECT_FALSE(agree(DType::i32, {100}, {101}, within({.tier = Tier::t3, .ulps = 4, .accumulated = 100})));
}

const Comparison sum_bound = within({.tier = Tier::t3, .ulps = 4, .accumulated = 1e-4});

TEST(BoundedComparison, NaNAndInfinityEqualNoNumber) {
  for (const auto& [left, right] : {std::pair(nan_value, 1.0), {inf, 1.0}, {inf, -inf}})
    EXPECT_EQ(kind(DType::f32, {left}, {right}, sum_bound), Kind::nan_pattern);
}

TEST(BoundedComparison, LargestNumberAndInfinityAreWithinABound) {
  const Comparison rules = within({.tier = Tier::t2, .ulps = 2});
  EXPECT_TRUE(agree(DType::f16, {65504}, {inf}, rules));
  EXPECT_FALSE(agree(DType::f16, {65504}, {-inf}, rules));
  EXPECT_FALSE(agree(DType::f16, {60000}, {inf}, rules));
}

// Libraries differ: a number too large for the format becomes the largest or NaN.
TEST(BoundedComparison, LargestNumberAndNaNAreWithinABoundWithoutInfinities) {
  const Comparison rules = within({.tier = Tier::t2, .ulps = 0.5});
  EXPECT_TRUE(agree(DType::f8e4m3fn, {448}, {nan_value}, rules));
  EXPECT_FALSE(agree(DType::f8e4m3fn, {-448}, {nan_value}, rules));
  EXPECT_FALSE(agree(DType::f8e4m3fn, {256}, {nan_value}, rules));
  EXPECT_FALSE(agree(DType::f8e5m2, {57344}, {nan_value}, rules));
  EXPECT_FALSE(agree(DType::f8e4m3fn, {448}, {nan_value}, {}));
}

TEST(BoundedComparison, NonFiniteComplexElementsAreEqual) {
  EXPECT_TRUE(agree(DType::c64, {inf}, {nan_value}, sum_bound));
  EXPECT_FALSE(agree(DType::c64, {inf}, {nan_value}, {}));
  EXPECT_FALSE(agree(DType::c64, {inf}, {1}, sum_bound));
}

rc::Gen<std::vector<double>> any_values() {
  return rc::gen::container<std::vector<double>>(
      rc::gen::oneOf(rc::gen::element(0.0, -0.0, 1.0, -1.0, inf, -inf, nan_value, 65504.0, 1e-8, 3e38, 1e-40),
                     rc::gen::map(rc::gen::inRange(-1000, 1000), [](int x) { return x / 8.0; })));
}

rc::Gen<Tolerance> any_tolerance() {
  return rc::gen::element(Tolerance{}, Tolerance{.tier = Tier::t1, .ulps = 1},
                          Tolerance{.tier = Tier::t2, .ulps = 4},
                          Tolerance{.tier = Tier::t3, .ulps = 4, .accumulated = 1e-3});
}

DType any_dtype() {
  return *rc::gen::elementOf(std::vector(engine::all_dtypes.begin(), engine::all_dtypes.end()));
}

RC_GTEST_PROP(ComparisonLaws, TensorAgreesWithItself, ()) {
  const TensorSnapshot t = tensor_of(any_dtype(), *any_values());
  const ComparedValues compared = compare_values(t, t, within(*any_tolerance()));
  RC_ASSERT(!compared.difference);
  RC_ASSERT(compared.exact);
}

RC_GTEST_PROP(ComparisonLaws, ComparisonIsSymmetric, ()) {
  const DType dtype = any_dtype();
  const auto left = *any_values();
  auto right = left;
  for (double& x : right)
    if (*rc::gen::inRange(0, 4) == 0)
      x = *rc::gen::element(0.0, 1.0, inf, nan_value, x + 1e-6, x * 1.001, -x);
  const Comparison rules = within(*any_tolerance());
  const ComparedValues one = compare_values(tensor_of(dtype, left), tensor_of(dtype, right), rules);
  const ComparedValues other = compare_values(tensor_of(dtype, right), tensor_of(dtype, left), rules);
  RC_ASSERT(one.difference.has_value() == other.difference.has_value());
  RC_ASSERT(one.worst_share == other.worst_share);
  if (one.difference) RC_ASSERT(one.difference->kind == other.difference->kind);
  if (one.difference) RC_ASSERT(one.difference->element == other.difference->element);
}

RC_GTEST_PROP(ComparisonLaws, WiderBoundAcceptsNoLess, ()) {
  const auto left = *any_values();
  auto right = left;
  for (double& x : right) x += *rc::gen::element(0.0, 1e-7, -1e-7, 1e-3);
  const Comparison narrow = within({.tier = Tier::t2, .ulps = 2}), wide = within({Tier::t2, 20, 0, 0, ""});
  if (agree(DType::f32, left, right, narrow)) RC_ASSERT(agree(DType::f32, left, right, wide));
}

}  // namespace
}  // namespace oracles
