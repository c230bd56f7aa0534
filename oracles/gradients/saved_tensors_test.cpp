#include "oracles/gradients/saved_tensors.h"

#include <gtest/gtest.h>

#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view kept_schema = "mine::f(Tensor self) -> Tensor";

// The gradient of a run, and of one whose memory is written before the backward pass.
Judgement judged(float kept, float overwritten, Status status = Status::returned) {
  const auto script = [=](auto&, auto&, const corpora::Path& path) {
    Outcome outcome = outcome_of(1);
    const bool written = has_layer(path, LayerKind::overwritten);
    BackwardOutcome& backward = outcome.backward.emplace();
    if (written) backward.status = status;
    backward.gradients.push_back(f32_tensor({1}, {written ? overwritten : kept}));
    return outcome;
  };
  ScriptedSubject subject({kept_schema}, script);
  subject.takes_all_layers = true;
  const corpora::Case c = case_of(kept_schema, 1);
  Trial trial(subject, c);
  return judge_overwritten(trial, 0).judgement;
}

TEST(SavedTensors, GradientsOfOverwrittenValuesAreADivergence) {
  EXPECT_EQ(judged(2, 3), Judgement::differ);
  EXPECT_EQ(judged(2, 2), Judgement::agree);
}

TEST(SavedTensors, ABackwardPassThatRaisesAgrees) {
  EXPECT_EQ(judged(2, 3, Status::raised), Judgement::agree);
}

}  // namespace
}  // namespace oracles
