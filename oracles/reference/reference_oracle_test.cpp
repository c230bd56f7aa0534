// The oracle on the engine, and the errors of elementary functions on all 16-bit numbers.
#include <gtest/gtest.h>

#include "oracles/compare/divergence_text.h"
#include "oracles/oracle_checks.h"
#include "oracles/reference/kernels/reference.h"
#include "oracles/reference/reference_comparison.h"
#include "oracles/subjects/engine/engine_subject.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using engine::DType;

EngineSubject& subject() {
  static EngineSubject made;
  return made;
}

// The operator on all patterns of a 16-bit format.
Verdict over_all_patterns(const std::string& op, DType dtype) {
  constexpr int64_t patterns = 1 << 16;
  std::vector<uint16_t> values;
  for (int64_t i = 0; i < patterns; ++i) values.push_back(static_cast<uint16_t>(i));
  corpora::Case c;
  c.storages.push_back({dtype, patterns, corpora::FillRule::values, 0, bytes_of(values)});
  c.inputs.push_back({0, {patterns}, {1}, 0});
  c.calls.push_back({op, {}, {corpora::Value::of_input(0)}});
  Trial trial(subject(), c);
  return check_reference(trial);
}

class Elementary : public testing::TestWithParam<const char*> {};

TEST_P(Elementary, ErrorIsWithinItsBoundAndNearIt) {
  const std::string op = std::string("aten::") + GetParam();
  for (const DType dtype : {DType::f16, DType::bf16}) {
    const Verdict verdict = over_all_patterns(op, dtype);
    EXPECT_EQ(verdict.judgement, Judgement::agree)
        << op << " of " << name_of(dtype) << " " << verdict.why << " " << to_text(verdict.divergence.place)
        << ": " << left_text(verdict.divergence) << " against " << right_text(verdict.divergence);
    EXPECT_GT(verdict.worst_share, 0.9) << op << " of " << name_of(dtype);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Elementary,
                         testing::Values("exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "reciprocal", "sin",
                                         "cos", "tanh", "sigmoid", "erf"));

// --- the comparison
constexpr engine::Accuracy sums{Tier::t3, 0.5, "sums"};
constexpr engine::Accuracy functions{Tier::t2, 1, "functions"};
constexpr engine::Accuracy exactly{Tier::t0, 0, "exact"};

AgainstReference compared(float found, double expected, const Accuracy& accuracy, double roundings = 1,
                          double magnitude = 0, double amplified = 1) {
  reference::Result<double> result;
  result.values = reference::blank<double>(DType::f32, {1});
  result.values.parts[0] = expected;
  result.roundings = roundings;
  result.magnitudes = {magnitude};
  result.amplified = amplified;
  return compare_with_reference(result_of(f32_tensor({1}, {found})), result, accuracy);
}

TEST(ReferenceComparison, BoundOfOneUlpIsExact) {
  constexpr double ulp = 0x1p-23;
  EXPECT_FALSE(compared(1, 1 + 0.9 * ulp, functions).divergence);
  EXPECT_TRUE(compared(1, 1 + 1.1 * ulp, functions).divergence);
  EXPECT_NEAR(compared(1, 1 + 0.9 * ulp, functions).worst_share, 0.9, 1e-6);
}

TEST(ReferenceComparison, BoundOfASumGrowsWithItsTerms) {
  constexpr double unit = 0x1p-24;
  constexpr double gamma = 10 * unit / (1 - 10 * unit), half_ulp = 0x1p-24;
  const double bound = gamma * 5 + half_ulp;
  EXPECT_FALSE(compared(1, 1 + 0.9 * bound, sums, 10, 5).divergence);
  EXPECT_TRUE(compared(1, 1 + 1.1 * bound, sums, 10, 5).divergence);
}

TEST(ReferenceComparison, BoundOfDenormalsGrowsWithLaterFactors) {
  constexpr double smallest = 0x1p-149;
  EXPECT_TRUE(compared(-100 * smallest, -94 * smallest, sums, 2, 100 * smallest).divergence);
  EXPECT_FALSE(compared(-100 * smallest, -94 * smallest, sums, 2, 100 * smallest, 50).divergence);
  EXPECT_TRUE(compared(-300 * smallest, -94 * smallest, sums, 2, 100 * smallest, 50).divergence);
}

TEST(ReferenceComparison, SpecialNumbersAreComparedFirst) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(compared(infinity, 1e30, functions).divergence->kind, Kind::nan_pattern);
  EXPECT_FALSE(compared(infinity, 1e39, functions).divergence);
  EXPECT_EQ(compared(-infinity, 1e39, functions).divergence->kind, Kind::nan_pattern);
  EXPECT_EQ(compared(1, nan, functions).divergence->kind, Kind::nan_pattern);
  EXPECT_FALSE(compared(NAN, nan, functions).divergence);
}

TEST(ReferenceComparison, SignsOfZerosAreComparedExceptForSums) {
  EXPECT_TRUE(compared(-0.0F, 0.0, exactly).divergence);
  EXPECT_TRUE(compared(-0.0F, 0.0, functions).divergence);
  EXPECT_FALSE(compared(-0.0F, 0.0, sums).divergence);
  EXPECT_FALSE(compared(-0.0F, -0.0, exactly).divergence);
}

TEST(ReferenceComparison, ExactResultIsRoundedOnce) {
  EXPECT_FALSE(compared(0.1F, 0.1, exactly).divergence);
  EXPECT_TRUE(compared(std::nextafter(0.1F, 1.0F), 0.1, exactly).divergence);
}

// --- whole cases
TEST(ReferenceOracle, CallIsJudgedOnItsOwnInputs) {
  // y = exp(x); y *= y; z = y + x: the last call's operand is what the second one left.
  corpora::Case c = case_of("aten::exp", 1, 5);
  const corpora::Value y = corpora::Value::of_result(0, 0);
  c.calls.push_back({"aten::mul_.Tensor", {}, {y, y}});
  c.calls.push_back(
      {"aten::add.Tensor", {}, {y, corpora::Value::of_input(0), corpora::Value::of_integer(1)}});
  Trial trial(subject(), c);
  const Verdict verdict = check_reference(trial);
  EXPECT_EQ(verdict.judgement, Judgement::agree) << verdict.why << whole_text(verdict.divergence.right);
}

TEST(ReferenceOracle, CallThatMustRaiseIsBothRaised) {
  corpora::Case c = case_of("aten::mul.Tensor", 2);
  c.storages[1].elements = 2;
  c.inputs[1].sizes = {2};
  Trial trial(subject(), c);
  EXPECT_EQ(check_reference(trial).judgement, Judgement::both_raised);
}

TEST(ReferenceOracle, SubjectWithoutReferencesIsRefused) {
  EXPECT_EQ(run_check(check_reference, "aten::exp(Tensor self) -> Tensor", always({})).judgement,
            Judgement::refused);
}

}  // namespace
}  // namespace oracles
