#include "oracles/trial/conditioning.h"

#include <gtest/gtest.h>

#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

constexpr std::string_view schema = "author::f(Tensor self) -> Tensor";

float first_of(const corpora::Image& image) {
  float x = 0;
  std::memcpy(&x, image.storages[0].data() + sizeof x, sizeof x);  // of iota: 1
  return x;
}

// Whether rounding explains that one side returned `left` and the other `right`, of an operator that returns
// f of its second element.
bool explained(float left, float right, const std::function<Outcome(float)>& f) {
  ScriptedSubject subject({schema},
                          [&](auto&, const corpora::Image& image, auto&) { return f(first_of(image)); });
  const corpora::Case c = case_of(schema, 1);
  Trial trial(subject, c);
  const Comparison rules;
  const Outcome l = outcome_of(left), r = outcome_of(right);
  const Compared found = compare(l, r, rules);
  Verdict verdict;
  verdict.divergence = *found.divergence;
  return rounding_explains(trial, {l, r, rules, found}, verdict);
}

TEST(Conditioning, RoundingExplainsWhatAUnitInTheLastPlaceDoes) {
  const auto cancels = [](float x) { return outcome_of((x - 1) * 1000); };
  EXPECT_TRUE(explained(0, 1.2e-4f, cancels));
  EXPECT_FALSE(explained(0, 0.5f, cancels));
}

TEST(Conditioning, RoundingDoesNotExplainADifferenceThatNoInputShows) {
  EXPECT_FALSE(explained(1, 1.001f, [](float x) { return outcome_of(x); }));
  EXPECT_FALSE(explained(1, 2, [](float) { return outcome_of(1.0f); }));
}

TEST(Conditioning, RoundingMayDecideWhetherAnElementIsANumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(explained(0, nan, [](float x) { return outcome_of(std::sqrt(1 - x)); }));
  EXPECT_FALSE(explained(0, nan, [](float x) { return outcome_of(std::sqrt(x)); }));
}

TEST(Conditioning, ARunThatRaisesExplainsNothing) {
  const auto raises = [](float x) { return x == 1 ? outcome_of(0.0f) : outcome_of({raising("not a one")}); };
  EXPECT_FALSE(explained(0, 1e-4f, raises));
}

}  // namespace
}  // namespace oracles
