// The oracle on elementwise functions of one tensor. Each test defines the gradient.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;
using Function = double (*)(double);

TensorSnapshot tensor_like(engine::DType dtype, const std::vector<double>& values) {
  TensorSnapshot t;
  t.dtype = dtype;
  t.sizes = {static_cast<int64_t>(values.size())};
  t.strides = {1};
  t.storage = 1;
  t.has_values = true;
  t.values.resize(values.size() * engine::size_of(dtype));
  for (size_t i = 0; i < values.size(); ++i)
    store_component(dtype, values[i], t.values.data() + i * engine::size_of(dtype));
  return t;
}

// f of each element; the gradient is the cotangent times `slope` of the element.
ScriptedSubject::Script of(Function f, Function slope) {
  return [=](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
    const engine::DType dtype = c.storages[0].dtype;
    const size_t width = engine::size_of(dtype), count = image.storages[0].size() / width;
    std::vector<double> values, gradient;
    const std::vector<double> weights = cotangent(0, 0, count);
    for (size_t i = 0; i < count; ++i) {
      const double x = component_at(dtype, image.storages[0].data() + i * width, 0);
      values.push_back(f(x));
      gradient.push_back(weights[i] * slope(x));
    }
    TensorSnapshot result = tensor_like(dtype, values);
    result.requires_grad = has_layer(path, LayerKind::grad);
    Outcome outcome = outcome_of({returning({result})});
    if (has_layer(path, LayerKind::grad))
      outcome.backward.emplace().gradients.push_back(tensor_like(dtype, gradient));
    return outcome;
  };
}

constexpr std::string_view schema = "mine::f(Tensor self) -> Tensor";

// At 0, 1 and 2.
Verdict checked(const ScriptedSubject::Script& script) { return run_check(check_autograd, schema, script); }

double square(double x) { return x * x; }
double twice(double x) { return 2 * x; }
double none(double) { return 0; }

TEST(AutogradOracle, CorrectGradientAgrees) {
  EXPECT_EQ(checked(of(square, twice)).judgement, Judgement::agree);
  EXPECT_EQ(checked(of([](double x) { return std::exp(std::sin(3 * x)); },
                       [](double x) { return 3 * std::cos(3 * x) * std::exp(std::sin(3 * x)); }))
                .judgement,
            Judgement::agree);
}

TEST(AutogradOracle, WrongOrMissingGradientIsADivergence) {
  const Verdict wrong = checked(of(square, [](double x) { return 2 * x * (1 + 1e-6); }));
  EXPECT_EQ(wrong.judgement, Judgement::differ);
  EXPECT_EQ(wrong.divergence.kind, Kind::gradient);
  EXPECT_EQ(wrong.divergence.op, "mine::f");
  EXPECT_GT(wrong.divergence.difference, wrong.divergence.bound);
  EXPECT_EQ(checked(of(square, none)).judgement, Judgement::differ);
  const Verdict lost =
      checked([](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
        Outcome outcome = of(square, twice)(c, image, path);
        TensorSnapshot missing;
        missing.defined = false;
        if (outcome.backward) outcome.backward->gradients[0] = missing;
        return outcome;
      });
  EXPECT_EQ(lost.judgement, Judgement::differ);
}

// A kernel that computes f64 in f32.
double single_square(double x) {
  const auto narrow = static_cast<float>(x);
  return static_cast<double>(narrow * narrow);
}

TEST(AutogradOracle, GradientOfWhatIsComputedInF32IsJudgedWithThatAccuracy) {
  const auto judgement = [](Function slope, std::optional<engine::DType> format) {
    ScriptedSubject subject({schema}, of(single_square, slope));
    Accuracy accuracy = engine::accuracy::elementary(1, "one unit");
    accuracy.computed_in = format;
    subject.accuracies["mine::f"] = accuracy;
    const corpora::Case c = case_of(schema, 1);
    Trial trial(subject, c);
    return check_autograd(trial).judgement;
  };
  EXPECT_EQ(judgement(twice, engine::DType::f32), Judgement::agree);
  EXPECT_EQ(judgement([](double x) { return 9 * x; }, engine::DType::f32), Judgement::differ);
}

TEST(AutogradOracle, KinksJumpsAndPolesAreIncomparable) {
  EXPECT_EQ(checked(of([](double x) { return std::fabs(x); }, [](double) { return 1.0; })).judgement,
            Judgement::incomparable);
  EXPECT_EQ(checked(of([](double x) { return std::floor(x); }, none)).judgement, Judgement::incomparable);
  EXPECT_EQ(checked(of([](double x) { return 1 / x; }, [](double x) { return -1 / (x * x); })).judgement,
            Judgement::incomparable);
}

// The median of three numbers that are equal at 0, 1 and 2, with the gradient for the first of them.
Outcome median_of_equal_numbers(const corpora::Case& c, const corpora::Image& image,
                                const corpora::Path& path) {
  const engine::DType dtype = c.storages[0].dtype;
  const size_t width = engine::size_of(dtype);
  std::vector<double> numbers;
  for (size_t i = 0; i < 3; ++i)
    numbers.push_back(component_at(dtype, image.storages[0].data() + i * width, 0) - static_cast<double>(i));
  std::ranges::sort(numbers);
  TensorSnapshot result = tensor_like(dtype, {numbers[1]});
  result.requires_grad = has_layer(path, LayerKind::grad);
  Outcome outcome = outcome_of({returning({result})});
  if (has_layer(path, LayerKind::grad))
    outcome.backward.emplace().gradients.push_back(tensor_like(dtype, {cotangent(0, 0, 1)[0], 0, 0}));
  return outcome;
}

// The gradient is wrong where an element is 0.
TEST(AutogradOracle, AuthorsGradientThatIsWrongAtOnePointIsIncomparable) {
  constexpr std::string_view by_author = "author::f(Tensor self) -> Tensor";
  const auto script =
      of([](double x) { return std::exp(x); }, [](double x) { return x == 0 ? 0 : std::exp(x); });
  EXPECT_EQ(checked(script).judgement, Judgement::differ);
  EXPECT_EQ(run_check(check_autograd, by_author, script).judgement, Judgement::incomparable);
  EXPECT_EQ(run_check(check_autograd, by_author, of(square, none)).judgement, Judgement::differ);
}

TEST(AutogradOracle, SlopesThatDoNotAddUpAreIncomparable) {
  const Verdict verdict = checked(median_of_equal_numbers);
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
  EXPECT_EQ(verdict.why, "slopes along parts of a direction do not add up");
}

TEST(AutogradOracle, ValueThatDependsOnRecordingIsADivergence) {
  const Verdict verdict = checked([](const auto& c, const auto& image, const auto& path) {
    return of(has_layer(path, LayerKind::grad) ? twice : square, twice)(c, image, path);
  });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
}

TEST(AutogradOracle, NaNGradientOfASmoothFunctionIsADivergence) {
  const auto nowhere = [](double) { return std::numeric_limits<double>::quiet_NaN(); };
  const Verdict verdict = checked(of(square, nowhere));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::gradient);
}

TEST(AutogradOracle, MissingDerivativeIsAGapAndAnotherErrorADivergence) {
  const auto ending = [](Status status, std::string message) {
    return checked([=](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
      Outcome outcome = of(square, twice)(c, image, path);
      if (outcome.backward) outcome.backward = BackwardOutcome{status, "RuntimeError", message, {}};
      return outcome;
    });
  };
  EXPECT_EQ(ending(Status::not_implemented, "derivative for f is not implemented").judgement, Judgement::gap);
  EXPECT_EQ(ending(Status::raised, "out of order").judgement, Judgement::differ);
}

TEST(AutogradOracle, BackwardErrorAfterALaterWriteIsIncomparable) {
  const auto script = [](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
    Outcome outcome = of(square, twice)(c, image, path);
    outcome.calls.resize(c.calls.size(), outcome.calls[0]);
    if (outcome.backward) outcome.backward = BackwardOutcome{Status::raised, "RuntimeError", "any words", {}};
    return outcome;
  };
  EXPECT_EQ(checked(script).judgement, Judgement::differ);
  corpora::Case c = case_of(schema, 1);
  c.calls.push_back(c.calls[0]);
  c.calls.back().op = "mine::g_";
  c.header.path = {{LayerKind::grad}};
  EXPECT_EQ(
      run_check(check_autograd, c, {schema, "mine::g_(Tensor(a!) self) -> Tensor(a!)"}, script).judgement,
      Judgement::incomparable);
}

// An in-place call on the first of two storages, which is a leaf or has views that were made without
// recording.
Verdict checked_forbidden_write(LayerKind first, bool raises) {
  const auto script = [=](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
    if (raises && has_layer(path, first)) return outcome_of({raising("nothing can follow")});
    Outcome outcome = of(square, twice)(c, image, path);
    outcome.calls[0].changes.push_back({0, true, false, 1, f32_tensor({1}, {9}, 0)});
    return outcome;
  };
  constexpr std::string_view in_place = "mine::f_(Tensor(a!) self, Tensor other) -> Tensor(a!)";
  corpora::Case written = case_of(in_place, 2);
  written.header.path = {{first, 0}, {LayerKind::grad}};
  return run_check(check_autograd, written, {in_place}, script);
}

TEST(AutogradOracle, WriteOfALeafOrAnUnrecordedViewMustRaise) {
  for (const LayerKind first : {LayerKind::leaf, LayerKind::unrecorded}) {
    EXPECT_EQ(checked_forbidden_write(first, true).judgement, Judgement::agree);
    const Verdict written = checked_forbidden_write(first, false);
    EXPECT_EQ(written.judgement, Judgement::differ);
    EXPECT_EQ(written.divergence.place.part, Part::forbidden);
  }
}

TEST(AutogradOracle, OutFormsAreRefused) {
  constexpr std::string_view out = "mine::f.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)";
  EXPECT_EQ(run_check(check_autograd, case_of(out, 2), {out}, of(square, twice)).judgement,
            Judgement::refused);
}

}  // namespace
}  // namespace oracles
