#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "oracles/compare/element.h"
#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using engine::DType;

constexpr std::string_view sigmoid = "aten::sigmoid(Tensor self) -> Tensor";
constexpr std::string_view vector_sum = "aten::op(Tensor self) -> Tensor";

corpora::Case on(DType dtype, std::string_view op, corpora::FillRule rule = corpora::FillRule::positive,
                 int64_t elements = 3) {
  corpora::Case c = case_of(op, 1, elements);
  c.storages[0].dtype = dtype;
  c.storages[0].rule = rule;
  return c;
}

TensorSnapshot numbers(DType dtype, const std::vector<double>& values) {
  TensorSnapshot t = f32_tensor({static_cast<int64_t>(values.size())}, {});
  t.dtype = dtype;
  t.values.resize(values.size() * engine::size_of(dtype));
  for (size_t i = 0; i < values.size(); ++i)
    store_component(dtype, values[i], t.values.data() + i * engine::size_of(dtype));
  return t;
}

double first_of(const corpora::Case& c, const corpora::Image& image) {
  return component_at(c.storages[0].dtype, image.storages[0].data(), 0);
}

// An operator that returns a function of its dtype and its first element.
ScriptedSubject::Script returning_number(double (*function)(DType dtype, double x)) {
  return [=](const corpora::Case& c, const corpora::Image& image, auto&) {
    const DType dtype = c.storages[0].dtype;
    return outcome_of(numbers(dtype, {function(dtype, first_of(c, image))}));
  };
}

Verdict judged_in_f64(DType dtype, std::string_view schema, double (*function)(DType dtype, double x)) {
  const auto op = schema.substr(0, schema.find('('));
  return run_check(check_precision, on(dtype, op), {schema}, returning_number(function));
}

TEST(PrecisionOracle, ErrorWithinTheTierAgrees) {
  const auto off_by = [](DType dtype, double) { return dtype == DType::f64 ? 1.0 : 1.0 + 0x1p-22; };
  EXPECT_EQ(judged_in_f64(DType::f32, sigmoid, off_by).judgement, Judgement::agree);
  const auto far = [](DType dtype, double) { return dtype == DType::f64 ? 1.0 : 1.0 + 0x1p-16; };
  const Verdict verdict = judged_in_f64(DType::f32, sigmoid, far);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_NE(verdict.right_case.find("f64"), std::string::npos);
}

TEST(PrecisionOracle, FormulaOfAnAuthorMayCancelOnItsWay) {
  constexpr std::string_view authors = "author::norm(Tensor self) -> Tensor";
  constexpr std::string_view librarys = "aten::unlisted(Tensor self) -> Tensor";
  const auto off_by = [](DType dtype, double) { return dtype == DType::f64 ? 1.0 : 1.0 + 0x1p-17; };
  EXPECT_EQ(judged_in_f64(DType::f32, authors, off_by).judgement, Judgement::agree);
  EXPECT_EQ(judged_in_f64(DType::f32, librarys, off_by).judgement, Judgement::differ);
  const auto half = [](DType dtype, double) { return dtype == DType::f64 ? 1.0 : 1.0 + 0x1p-9; };
  EXPECT_EQ(judged_in_f64(DType::f32, authors, half).judgement, Judgement::differ);
}

TEST(PrecisionOracle, HalfThatOverflowsOrVanishesDiffers) {
  const auto overflows = [](DType dtype, double) {
    return dtype == DType::f64 ? 1000.0 : std::numeric_limits<double>::infinity();
  };
  EXPECT_EQ(judged_in_f64(DType::f16, sigmoid, overflows).divergence.kind, Kind::nan_pattern);
  const auto vanishes = [](DType dtype, double) { return dtype == DType::f64 ? 0.001 : 0.0; };
  EXPECT_EQ(judged_in_f64(DType::f16, sigmoid, vanishes).judgement, Judgement::differ);
  const auto too_large = [](DType dtype, double) {
    return dtype == DType::f64 ? 1e6 : std::numeric_limits<double>::infinity();
  };
  EXPECT_EQ(judged_in_f64(DType::f16, sigmoid, too_large).judgement, Judgement::agree);
}

TEST(PrecisionOracle, LargeInputMayOverflowOnTheWay) {
  const auto run = [](const corpora::Case& c, const corpora::Image& image, auto&) {
    const bool wide = c.storages[0].dtype == DType::f64;
    const double x = first_of(c, image);
    return outcome_of(numbers(wide ? DType::f64 : DType::f16, {wide ? 1.0 : x * INFINITY}));
  };
  const auto judged = [&](double x) {
    corpora::Case c = on(DType::f16, "aten::sigmoid", corpora::FillRule::values, 1);
    c.storages[0].bytes = numbers(DType::f16, {x}).values;
    return run_check(check_precision, c, {sigmoid}, run).judgement;
  };
  EXPECT_EQ(judged(256), Judgement::differ);
  EXPECT_EQ(judged(16384), Judgement::incomparable);
}

TEST(PrecisionOracle, ElementsOfAnExpandedInputChangeIndependently) {
  // A difference of two elements that are equal because they are one.
  const auto run = [](const corpora::Case& c, const corpora::Image& image, auto&) {
    const bool wide = c.storages[0].dtype == DType::f64;
    const size_t second = c.inputs[0].strides[0] == 0 ? 0 : 8;
    const auto* at = image.storages[0].data();
    const double difference =
        wide ? component_at(DType::f64, at, 0) - component_at(DType::f64, at + second, 0) : 0x1p-24;
    return outcome_of(numbers(wide ? DType::f64 : DType::f32, {difference}));
  };
  corpora::Case c = on(DType::f32, "aten::sigmoid", corpora::FillRule::ones, 1);
  c.inputs[0] = {0, {2}, {0}, 0};
  EXPECT_EQ(run_check(check_precision, c, {sigmoid}, run).judgement, Judgement::incomparable);
}

TEST(PrecisionOracle, SensitiveResultIsIncomparable) {
  // A difference of nearly equal numbers, and a jump.
  const auto cancels = [](DType dtype, double x) {
    return dtype == DType::f64 ? (x - 1) * 1e4 : (x - 1) * 1e4 + 1e-3;
  };
  EXPECT_EQ(judged_in_f64(DType::f32, sigmoid, cancels).judgement, Judgement::incomparable);
  const auto jumps = [](DType dtype, double x) {
    return dtype == DType::f64 ? std::fmod(x * 0x1p22, 2) : 0.5;
  };
  EXPECT_EQ(judged_in_f64(DType::f32, sigmoid, jumps).judgement, Judgement::incomparable);
}

TEST(PrecisionOracle, CallThatF64DoesNotAcceptIsIncomparable) {
  const auto run = [](const corpora::Case& c, auto&, auto&) {
    return c.storages[0].dtype == DType::f64 ? outcome_of({raising("f32 only")}) : outcome_of(1);
  };
  EXPECT_EQ(run_check(check_precision, on(DType::f32, "aten::sigmoid"), {sigmoid}, run).judgement,
            Judgement::incomparable);
}

TEST(PrecisionOracle, IntegersThatDependOnRoundingAreIncomparable) {
  const auto run = [](const corpora::Case& c, auto&, auto&) {
    return outcome_of(numbers(DType::i64, {c.storages[0].dtype == DType::f64 ? 1.0 : 2.0}));
  };
  EXPECT_EQ(run_check(check_precision, on(DType::f32, "aten::sigmoid"), {sigmoid}, run).judgement,
            Judgement::incomparable);
}

TEST(PrecisionOracle, ResultMayHaveThePrecisionOfTheNarrowestInput) {
  constexpr std::string_view copy = "aten::clone(Tensor self) -> Tensor";
  const auto run = [](DType result) {
    return [=](const corpora::Case& c, auto&, auto&) {
      const bool wide = c.storages[0].dtype == DType::f64;
      return outcome_of(numbers(wide ? DType::f64 : result, {wide ? 1 + 0x1p-12 : 1.0}));
    };
  };
  const corpora::Case half = on(DType::f16, "aten::clone"), real = on(DType::f32, "aten::clone");
  for (const DType result : {DType::f32, DType::f64})
    EXPECT_EQ(run_check(check_precision, half, {copy}, run(result)).judgement, Judgement::agree);
  EXPECT_EQ(run_check(check_precision, real, {copy}, run(DType::f32)).judgement, Judgement::differ);
}

TEST(PrecisionOracle, CallsAfterARoundedResultAreNotCompared) {
  const auto run = [](double rounded) {
    return [=](const corpora::Case& c, auto&, auto&) {
      const bool wide = c.storages[0].dtype == DType::f64;
      const DType dtype = wide ? DType::f64 : DType::f32;
      Outcome outcome = outcome_of(numbers(dtype, {wide ? rounded : 1.0}));
      outcome.calls.push_back(outcome_of(numbers(dtype, {wide ? 3.0 : 2.0})).last());
      return outcome;
    };
  };
  corpora::Case c = on(DType::f32, "aten::sigmoid");
  c.calls.push_back(c.calls.front());
  EXPECT_EQ(run_check(check_precision, c, {sigmoid}, run(1 + 0x1p-40)).judgement, Judgement::agree);
  EXPECT_EQ(run_check(check_precision, c, {sigmoid}, run(1)).judgement, Judgement::differ);
}

TEST(PrecisionOracle, ExceptionalValuesThatDependOnRoundingAgree) {
  const auto zero_by_zero = [](DType dtype, double) { return dtype == DType::f64 ? std::nan("") : HUGE_VAL; };
  EXPECT_EQ(judged_in_f64(DType::f32, sigmoid, zero_by_zero).judgement, Judgement::agree);
  const auto other_sign = [](DType dtype, double) { return dtype == DType::f64 ? -HUGE_VAL : HUGE_VAL; };
  EXPECT_EQ(judged_in_f64(DType::f32, sigmoid, other_sign).judgement, Judgement::differ);
  const auto flushed = [](DType dtype, double) { return dtype == DType::f64 ? 0x1.2p-126 : 0.0; };
  EXPECT_EQ(judged_in_f64(DType::f32, sigmoid, flushed).judgement, Judgement::agree);
}

TEST(PrecisionOracle, RealArgumentMayVanishInTheDtype) {
  constexpr std::string_view scaled_op = "aten::sigmoid(Tensor self, float eps) -> Tensor";
  const auto judged = [&](double eps) {
    corpora::Case c = on(DType::f16, "aten::sigmoid");
    c.calls[0].arguments.push_back(corpora::Value::of_real(eps));
    const auto run = [](const corpora::Case& each, auto&, auto&) {
      const bool wide = each.storages[0].dtype == DType::f64;
      const bool is_number = wide && each.calls[0].arguments[1].real > 0;
      return outcome_of(numbers(wide ? DType::f64 : DType::f16, {is_number ? 1.0 : std::nan("")}));
    };
    return run_check(check_precision, c, {scaled_op}, run).judgement;
  };
  EXPECT_EQ(judged(1e-12), Judgement::incomparable);
  EXPECT_EQ(judged(0.5), Judgement::differ);
}

// sum(x, dtype=bf16) rounds x first; the sum of what is rounded may cancel.
TEST(PrecisionOracle, InputsMayBeRoundedToTheDtypeOfAnArgument) {
  constexpr std::string_view schema = "aten::sigmoid(Tensor self, ScalarType dtype) -> Tensor";
  const auto judged = [&](DType argument, double error) {
    corpora::Case c = on(DType::f32, "aten::sigmoid");
    c.calls[0].arguments.push_back(corpora::Value::of_dtype(argument));
    return run_check(check_precision, c, {schema},
                     [&](const corpora::Case& made, const auto& image, auto&) {
                       const DType to = made.calls[0].arguments[1].dtype;
                       const double x = first_of(made, image),
                                    rounded = to == DType::f64 ? x : x * (1 + error);
                       return outcome_of(numbers(to, {rounded - 0.9999 * first_of(c, corpora::image_of(c))}));
                     })
        .judgement;
  };
  EXPECT_EQ(judged(DType::bf16, 0x1p-8), Judgement::incomparable);
  EXPECT_EQ(judged(DType::bf16, 0x1p-2), Judgement::differ);
  EXPECT_EQ(judged(DType::f32, 0x1p-8), Judgement::differ) << "the error is one of bf16";
}

// pow(x, 2^25 - 1) has another sign when the exponent is rounded to f32.
TEST(PrecisionOracle, IntegerWithMoreDigitsThanTheDtypeIsIncomparable) {
  constexpr std::string_view schema = "aten::sigmoid(Tensor self, int n) -> Tensor";
  const auto judged = [&](int64_t n) {
    corpora::Case c = on(DType::f32, "aten::sigmoid");
    c.calls[0].arguments.push_back(corpora::Value::of_integer(n));
    return run_check(check_precision, c, {schema},
                     returning_number([](DType dtype, double) { return dtype == DType::f64 ? -1.0 : 1.0; }))
        .judgement;
  };
  EXPECT_EQ(judged((1 << 25) - 1), Judgement::incomparable);
  EXPECT_EQ(judged(3), Judgement::differ);
}

TEST(PrecisionOracle, OnlyIntegersAreRefused) {
  EXPECT_EQ(judged_in_f64(DType::i64, sigmoid, [](DType, double) { return 1.0; }).judgement,
            Judgement::refused);
}

Outcome scaled(const corpora::Case& c, const corpora::Image& image, bool in_f32) {
  std::vector<double> values;
  for (int64_t i = 0; i < c.storages[0].elements; ++i) {
    const double x = component_at(DType::f64, image.storages[0].data() + 8 * i, 0) * 1.1;
    values.push_back(in_f32 ? static_cast<double>(static_cast<float>(x)) : x);
  }
  return outcome_of(numbers(DType::f64, values));
}

TEST(PrecisionOracle, ResultOfF64WithTheBitsOfF32Differs) {
  for (const bool in_f32 : {true, false}) {
    const auto run = [&](const corpora::Case& c, const corpora::Image& image, auto&) {
      return scaled(c, image, in_f32);
    };
    const corpora::Case c = on(DType::f64, "aten::op", corpora::FillRule::positive, 8);
    const Verdict verdict = run_check(check_precision, c, {vector_sum}, run);
    EXPECT_EQ(verdict.judgement, in_f32 ? Judgement::differ : Judgement::agree);
    EXPECT_EQ(verdict.divergence.kind, in_f32 ? Kind::dtype : Kind::value);
  }
}

TEST(PrecisionOracle, OutTensorMayBeWiderThanTheResult) {
  const auto run = [](const corpora::Case& c, const corpora::Image& image, auto&) {
    return scaled(c, image, true);
  };
  constexpr std::string_view out = "aten::op.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)";
  corpora::Case c = on(DType::f64, "aten::op.out", corpora::FillRule::positive, 8);
  c.calls[0].arguments.push_back(c.calls[0].arguments[0]);
  EXPECT_EQ(run_check(check_precision, c, {out}, run).judgement, Judgement::refused);
}

TEST(PrecisionOracle, FewBitsOfOneInputAreNoProof) {
  // The result has the bits of f32 for the case's numbers only.
  const auto run = [](const corpora::Case& c, const corpora::Image& image, auto&) {
    return scaled(c, image, c.storages[0].rule == corpora::FillRule::normal);
  };
  const corpora::Case c = on(DType::f64, "aten::op", corpora::FillRule::normal, 8);
  EXPECT_EQ(run_check(check_precision, c, {vector_sum}, run).judgement, Judgement::agree);
}

}  // namespace
}  // namespace oracles
