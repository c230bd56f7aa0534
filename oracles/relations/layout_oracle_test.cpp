#include <gtest/gtest.h>

#include "oracles/checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

corpora::Case transposed(std::string op, int inputs = 1) {
  corpora::Case c = case_of(std::move(op), inputs, 6);
  c.inputs[0] = {0, {2, 3}, {1, 2}, 0};
  return c;
}

Verdict checked(const corpora::Case& c, std::string_view schema, const ScriptedSubject::Script& run) {
  ScriptedSubject subject({schema}, run);
  Trial trial(subject, c);
  return check_layout(trial);
}

Outcome shows(float x) { return outcome_of({returning({f32_tensor({1}, {x})})}); }

const auto differs_when_contiguous = [](auto&, auto&, const corpora::Path& path) {
  return shows(has_layer(path, LayerKind::contiguous) ? 1.0f : 2.0f);
};

TEST(LayoutOracle, ComparesTheCaseWithContiguousCopies) {
  const Verdict verdict =
      checked(transposed("aten::clone"), "aten::clone(Tensor self) -> Tensor", differs_when_contiguous);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_EQ(corpora::to_string(verdict.left), "contiguous");
  EXPECT_EQ(corpora::to_string(verdict.right), "direct");
}

TEST(LayoutOracle, StridesAndAliasingAreEachOperatorsOwnAffair) {
  const Verdict verdict = checked(transposed("aten::reshape"), "aten::reshape(Tensor(a) self) -> Tensor(a)",
                                  [](auto&, auto&, const corpora::Path& path) {
                                    TensorSnapshot t = f32_tensor({2, 3}, {1, 2, 3, 4, 5, 6}, 5);
                                    if (has_layer(path, LayerKind::contiguous)) t.storage = 0;
                                    if (has_layer(path, LayerKind::contiguous)) t.strides = {1, 2};
                                    return outcome_of({returning({t})});
                                  });
  EXPECT_EQ(verdict.judgement, Judgement::agree);
}

TEST(LayoutOracle, RefusesContiguousCasesAndOperatorsAboutStrides) {
  EXPECT_EQ(checked(case_of("aten::clone", 1), "aten::clone(Tensor self) -> Tensor", differs_when_contiguous)
                .judgement,
            Judgement::refused);
  EXPECT_EQ(checked(transposed("aten::as_strided"), "aten::as_strided(Tensor self) -> Tensor",
                    differs_when_contiguous)
                .judgement,
            Judgement::refused);
}

TEST(LayoutOracle, RefusesWrittenGroupsAndOverlaps) {
  constexpr std::string_view in_place = "aten::add_(Tensor(a!) a, Tensor b) -> Tensor(a!)";
  corpora::Case siblings = transposed("aten::add_", 2);
  siblings.inputs[1].storage = 0;
  EXPECT_EQ(checked(siblings, in_place, differs_when_contiguous).judgement, Judgement::refused);
  corpora::Case overlapping = transposed("aten::add_", 2);
  overlapping.inputs[0].strides = {1, 0};
  EXPECT_EQ(checked(overlapping, in_place, differs_when_contiguous).judgement, Judgement::refused);
  EXPECT_EQ(checked(transposed("aten::add_", 2), in_place, differs_when_contiguous).judgement,
            Judgement::differ);
}

// The verdict on an operator that raises for non-contiguous inputs: for all data, or unless they begin with
// zero.
Judgement refusing_strides(const CallOutcome& error, bool all_data) {
  return checked(transposed("aten::op"), "aten::op(Tensor self) -> Tensor",
                 [=](auto&, const corpora::Image& image, const corpora::Path& path) {
                   float last = 0;
                   std::memcpy(&last, image.storages[0].data() + 5 * sizeof last, sizeof last);
                   const bool raises = !has_layer(path, LayerKind::contiguous) && (all_data || last > 1);
                   return raises ? outcome_of({error}) : shows(1);
                 })
      .judgement;
}

TEST(LayoutOracle, ErrorForAllDataOfALayoutIsARequirement) {
  for (const char* message : {"expected a contiguous tensor", "index out of range", "unsupported"}) {
    EXPECT_EQ(refusing_strides(raising(message), true), Judgement::incomparable) << message;
    EXPECT_EQ(refusing_strides(raising(message), false), Judgement::differ) << message;
  }
}

TEST(LayoutOracle, ClassOrCauseOfAnErrorDecidesFirst) {
  CallOutcome error = raising("unsupported");
  error.error_class = "IndexError";
  EXPECT_EQ(refusing_strides(error, true), Judgement::differ);
  error.error_class = "InternalAssert";
  EXPECT_EQ(refusing_strides(error, true), Judgement::differ);
  error.cause = ErrorCause::layout;
  EXPECT_EQ(refusing_strides(error, false), Judgement::incomparable);
}

}  // namespace
}  // namespace oracles
