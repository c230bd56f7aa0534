#include "oracles/gradients/forward_mode.h"

#include <gtest/gtest.h>

#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/tangents.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view square_schema = "mine::f(Tensor self) -> Tensor";

TensorSnapshot doubles(const std::vector<double>& values) {
  TensorSnapshot t = f32_tensor({static_cast<int64_t>(values.size())}, {});
  t.dtype = engine::DType::f64;
  t.values = bytes_of(values);
  return t;
}

// The square of each element; its gradients times `reverse`, its tangents times `forward`.
Judgement judged_square(double forward, double reverse) {
  const auto script = [=](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
    const std::vector<double> x = numbers_of(c.storages[0].dtype, image.storages[0]);
    const std::vector<double> weights = cotangent(0, 0, x.size());
    std::vector<double> values, gradient, tangent;
    for (size_t i = 0; i < x.size(); ++i) {
      values.push_back(x[i] * x[i]);
      gradient.push_back(reverse * 2 * x[i] * weights[i]);
    }
    Outcome outcome = outcome_of(doubles(values));
    if (has_layer(path, LayerKind::grad)) outcome.backward.emplace().gradients.push_back(doubles(gradient));
    if (has_layer(path, LayerKind::dual)) {
      const std::vector<double> u = direction_in(static_cast<size_t>(path[0].storage % 4), 0, x.size());
      for (size_t i = 0; i < x.size(); ++i) tangent.push_back(forward * 2 * x[i] * u[i]);
      outcome.backward.emplace().gradients.push_back(doubles(tangent));
    }
    return outcome;
  };
  ScriptedSubject subject({square_schema}, script);
  subject.takes_all_layers = true;
  const corpora::Case c = case_of(square_schema, 1);
  Trial trial(subject, c);
  return judge_forward(trial, 0).judgement;
}

TEST(ForwardMode, TangentsThatAreTheDerivativeAgree) {
  EXPECT_EQ(judged_square(1, 1), Judgement::agree);
  EXPECT_EQ(judged_square(1, 2), Judgement::agree);  // reverse mode is wrong, which is judged elsewhere
}

TEST(ForwardMode, TangentsThatAreNotTheDerivativeDiffer) {
  EXPECT_EQ(judged_square(2, 1), Judgement::differ);
  EXPECT_EQ(judged_square(0, 1), Judgement::differ);
}

TEST(TangentDraws, ANumberIsReadAsItIsWritten) {
  const TangentDraw draw{3, true, 0b101};
  const TangentDraw read = TangentDraw::of(draw.number());
  EXPECT_EQ(read.direction, 3);
  EXPECT_TRUE(read.symmetric && read.holds(0) && !read.holds(1) && read.holds(2));
}

}  // namespace
}  // namespace oracles
