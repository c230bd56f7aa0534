#include "oracles/gradients/derivative.h"

#include <gtest/gtest.h>

#include <cmath>

#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

// f of each f64 element.
Outcome mapped(double (*f)(double), const corpora::Image& image) {
  TensorSnapshot t;
  t.dtype = engine::DType::f64;
  t.sizes = {static_cast<int64_t>(image.storages[0].size() / sizeof(double))};
  t.strides = {1};
  t.has_values = true;
  t.values = image.storages[0];
  for (size_t at = 0; at < t.values.size(); at += sizeof(double))
    store_component(t.dtype, f(component_at(t.dtype, t.values.data() + at, 0)), t.values.data() + at);
  return outcome_of(t);
}

// The slope is 1 on one side of each integer, and -1 on the other.
double to_nearest(double x) { return std::fabs(x - std::round(x)); }

TEST(Derivative, ErrorCoversJumpsThatCancelInTheSum) {
  ScriptedSubject subject({"mine::f(Tensor self) -> Tensor"}, [](auto&, const corpora::Image& image, auto&) {
    return mapped(to_nearest, image);
  });
  const corpora::Case c = case_of("mine::f", 1);
  Trial trial(subject, c);
  const std::vector<double> weights = cotangent(0, 0, 3);
  for (size_t n = 0; n < 32; ++n) {
    WideProgram program(trial, 1, n, {});
    double possible = 0;
    for (size_t i = 0; i < 3; ++i) possible += std::fabs(weights[i] * program.direction()[0][i]);
    const std::optional<Derivative> derivative = derivative_of(program, 0x1p-10);
    ASSERT_TRUE(derivative);
    EXPECT_GE(derivative->error, possible - std::fabs(derivative->slope)) << "direction " << n;
  }
}

TEST(Derivative, StepsThatPassZeroAreRecognised) {
  ScriptedSubject subject({"mine::f(Tensor self) -> Tensor"}, nullptr);
  corpora::Case c = case_of("mine::f", 1, 1);
  c.storages[0].rule = corpora::FillRule::values;
  for (const auto& [value, passes] :
       {std::pair(0.0F, false), {0x1p-30F, true}, {-0x1p-30F, true}, {1.0F, false}}) {
    c.storages[0].bytes.resize(sizeof(float));
    store_component(engine::DType::f32, value, c.storages[0].bytes.data());
    Trial trial(subject, c);
    EXPECT_EQ(WideProgram(trial, 1, 0, {}).passes_zero(0x1p-20), passes) << value;
  }
}

}  // namespace
}  // namespace oracles
