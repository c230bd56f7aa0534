// On a function of one tensor, element by element, whose gradient the script tells.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "oracles/checks.h"
#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
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

// f of each element, and backwards the cotangents times `slope` of it.
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
    Outcome outcome = outcome_of({returning({tensor_like(dtype, values)})});
    if (has_layer(path, LayerKind::grad))
      outcome.backward.emplace().gradients.push_back(tensor_like(dtype, gradient));
    return outcome;
  };
}

constexpr std::string_view schema = "mine::f(Tensor self) -> Tensor";

Verdict checked(const ScriptedSubject::Script& script) {
  ScriptedSubject subject({schema}, script);
  const corpora::Case c = case_of("mine::f", 1);  // at 0, 1 and 2
  Trial trial(subject, c);
  return check_autograd(trial);
}

double square(double x) { return x * x; }
double twice(double x) { return 2 * x; }
double none(double) { return 0; }

TEST(AutogradOracle, AgreesWithTheDerivative) {
  EXPECT_EQ(checked(of(square, twice)).judgement, Judgement::agree);
  EXPECT_EQ(checked(of([](double x) { return std::exp(std::sin(3 * x)); },
                       [](double x) { return 3 * std::cos(3 * x) * std::exp(std::sin(3 * x)); }))
                .judgement,
            Judgement::agree);
}

TEST(AutogradOracle, ObjectsToAWrongOrMissingGradient) {
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

TEST(AutogradOracle, SaysNothingAtKinksJumpsAndPoles) {
  // The largest slope that a kink has is none of the derivative's business.
  const auto at_a_kink = checked(of([](double x) { return std::fabs(x); }, [](double) { return 1.0; }));
  EXPECT_EQ(at_a_kink.judgement, Judgement::incomparable);
  EXPECT_EQ(checked(of([](double x) { return std::floor(x); }, none)).judgement, Judgement::incomparable);
  EXPECT_EQ(checked(of([](double x) { return 1 / x; }, [](double x) { return -1 / (x * x); })).judgement,
            Judgement::incomparable);
}

TEST(AutogradOracle, RecordingChangesNoValue) {
  const Verdict verdict =
      checked([](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
        return has_layer(path, LayerKind::grad) ? of(twice, twice)(c, image, path)
                                                : of(square, twice)(c, image, path);
      });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
}

TEST(AutogradOracle, AGradientIsANumberWhereValuesAreSmooth) {
  const auto nowhere = [](double) { return std::numeric_limits<double>::quiet_NaN(); };
  const Verdict verdict = checked(of(square, nowhere));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::gradient);
}

TEST(AutogradOracle, AMissingDerivativeIsAGapAndAnotherErrorAFinding) {
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

TEST(AutogradOracle, OnlyACallBehindAnotherMayHaveWrittenWhatThatSaved) {
  const auto script = [](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
    Outcome outcome = of(square, twice)(c, image, path);
    outcome.calls.resize(c.calls.size(), outcome.calls[0]);
    if (outcome.backward) outcome.backward = BackwardOutcome{Status::raised, "RuntimeError", "any words", {}};
    return outcome;
  };
  EXPECT_EQ(checked(script).judgement, Judgement::differ);
  ScriptedSubject subject({schema, "mine::g_(Tensor(a!) self) -> Tensor(a!)"}, script);
  corpora::Case c = case_of("mine::f", 1);
  c.calls.push_back(c.calls[0]);
  c.calls.back().op = "mine::g_";
  c.header.path = {{LayerKind::grad}};
  Trial trial(subject, c);
  EXPECT_EQ(check_autograd(trial).judgement, Judgement::incomparable);
}

// In place on the first of two storages, which is a leaf or was seen while nothing was recorded; the second
// requires a gradient. The call refuses or not.
Verdict checked_forbidden_write(LayerKind first, bool refuses) {
  const auto script = [=](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
    if (refuses && has_layer(path, first)) return outcome_of({raising("nothing can follow")});
    return of(square, twice)(c, image, path);
  };
  ScriptedSubject subject({"mine::f_(Tensor(a!) self, Tensor other) -> Tensor(a!)"}, script);
  corpora::Case c = case_of("mine::f_", 2);
  c.header.path = {{first, 0}, {LayerKind::grad}};
  Trial trial(subject, c);
  return check_autograd(trial);
}

TEST(AutogradOracle, ALeafMustNotBeWrittenNorWhatWasSeenUnrecorded) {
  for (const LayerKind first : {LayerKind::leaf, LayerKind::unrecorded}) {
    EXPECT_EQ(checked_forbidden_write(first, true).judgement, Judgement::agree);
    const Verdict written = checked_forbidden_write(first, false);
    EXPECT_EQ(written.judgement, Judgement::differ);
    EXPECT_EQ(written.divergence.place.part, Part::forbidden);
  }
}

TEST(AutogradOracle, RefusesOutForms) {
  ScriptedSubject subject({"mine::f.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)"}, of(square, twice));
  corpora::Case c = case_of("mine::f.out", 2);
  Trial trial(subject, c);
  EXPECT_EQ(check_autograd(trial).judgement, Judgement::refused);
}

}  // namespace
}  // namespace oracles
