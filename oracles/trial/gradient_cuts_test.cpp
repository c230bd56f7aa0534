#include "oracles/trial/gradient_cuts.h"

#include <gtest/gtest.h>

#include "oracles/trial/attribution.h"
#include "oracles/trial/scripted_subject.h"
#include "oracles/trial/verdicts.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view two_arguments = "author::f(Tensor self, Tensor other) -> Tensor";

// The gradient differs, unless the second argument is constant and nothing else is wrong.
bool differs_beside_the_cut = false;
Verdict check_gradient(Trial& trial) {
  Verdict verdict;
  verdict.right = {{LayerKind::grad}};
  if (has_layer(trial.requested_path(), LayerKind::constant) && !differs_beside_the_cut) return verdict;
  return differs(trial, 0, divergence_of(Kind::gradient, {Part::gradient}, Side{}, Side{}), verdict);
}

const Oracle gradients{.name = "autograd", .promise = "", .check = check_gradient};

// `reaches_other`: whether a gradient reaches the second argument, by rank.
Verdict attributed_for(bool (*reaches_other)(size_t rank)) {
  ScriptedSubject subject({two_arguments}, [&](const corpora::Case& c, auto&, const corpora::Path& path) {
    Outcome outcome = outcome_of(1);
    TraceEntry top{"author::f", 1, 0};
    const TensorSnapshot argument = f32_tensor({2, 1}, {1, 2});
    top.arguments = {result_of(argument), result_of(argument)};
    outcome.trace.push_back(top);

    if (!has_layer(path, LayerKind::grad)) return outcome;
    BackwardOutcome& backward = outcome.backward.emplace();
    backward.gradients = {argument, argument};
    backward.gradients[1].defined = reaches_other(c.inputs[0].sizes.size());
    return outcome;
  });
  const corpora::Case c = case_of(two_arguments, 2);
  Trial trial(subject, c);
  return check_and_attribute(trial, gradients);
}

TEST(GradientCuts, AnArgumentThatNoGradientReachesIsConstantOnPurpose) {
  const Verdict verdict = attributed_for([](size_t) { return false; });
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
  EXPECT_EQ(verdict.why, "author::f never passes a gradient to one of its arguments");
}

TEST(GradientCuts, AMistakeBesideACutIsADivergence) {
  differs_beside_the_cut = true;
  EXPECT_EQ(attributed_for([](size_t) { return false; }).judgement, Judgement::differ);
  differs_beside_the_cut = false;
}

TEST(GradientCuts, ACutForSomeRanksOnlyIsADivergence) {
  EXPECT_EQ(attributed_for([](size_t rank) { return rank < 2; }).judgement, Judgement::differ);
}

TEST(GradientCuts, AnOperatorThatPassesAllGradientsCutsNone) {
  EXPECT_EQ(attributed_for([](size_t) { return true; }).judgement, Judgement::differ);
}

}  // namespace
}  // namespace oracles
