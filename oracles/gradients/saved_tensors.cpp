#include "oracles/gradients/saved_tensors.h"

#include <algorithm>

#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/gradient_judgement.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

corpora::Path overwritten_path(int32_t draw) { return {{LayerKind::grad}, {LayerKind::overwritten, draw}}; }

bool returns_gradients(const Outcome& run) {
  return run.returned() && run.backward && run.backward->status == Status::returned;
}

// The first element of the gradients that differs, of both runs; elements that are NaN on both sides agree.
std::optional<std::pair<double, double>> first_difference(const BackwardOutcome& kept,
                                                          const BackwardOutcome& overwritten) {
  for (size_t g = 0; g < kept.gradients.size() && g < overwritten.gradients.size(); ++g) {
    const std::vector<double> left = numbers_of(kept.gradients[g]);
    std::vector<double> right = numbers_of(overwritten.gradients[g]);
    right.resize(left.size());  // an undefined gradient is one of zeros
    for (size_t i = 0; i < left.size(); ++i)
      if (left[i] != right[i] && !(left[i] != left[i] && right[i] != right[i]))
        return std::pair(left[i], right[i]);
  }
  return std::nullopt;
}

}  // namespace

std::optional<int32_t> overwritten_draw(const Trial& trial) {
  constexpr uint64_t draws = 16;
  if (is_requested(trial, LayerKind::overwritten)) return chosen_number(trial, LayerKind::overwritten, draws);
  if (!trial.requested_path().empty()) return std::nullopt;
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::overwritten));
  if (!choices.chance(1, 8)) return std::nullopt;
  const auto draw = static_cast<int32_t>(choices.below(draws));
  return trial.refuses(overwritten_path(draw)).empty() ? std::optional(draw) : std::nullopt;
}

Verdict judge_overwritten(Trial& trial, int32_t draw) {
  Verdict verdict;
  verdict.left = {{LayerKind::grad}};
  verdict.right = overwritten_path(draw);
  if (const std::string why = trial.refuses(verdict.right); !why.empty()) return refused(why);
  const Outcome kept = trial.run(verdict.left);
  if (!returns_gradients(kept)) {
    if (kept.backward && kept.backward->status == Status::not_implemented) return gap(kept.backward->message);
    return incomparable(std::move(verdict), "the backward pass does not return");
  }
  const Outcome overwritten = trial.run(verdict.right);
  verdict.reach = overwritten.reach;
  if (!overwritten.returned()) return incomparable(std::move(verdict), "the program does not return again");
  verdict.judgement = Judgement::agree;
  if (!returns_gradients(overwritten)) return verdict;
  const auto different = first_difference(*kept.backward, *overwritten.backward);
  if (!different) return verdict;
  const Outcome again = trial.run(verdict.left);
  if (!returns_gradients(again) || first_difference(*kept.backward, *again.backward))
    return incomparable(std::move(verdict), "the gradients of two equal runs differ");
  return wrong_gradient(trial, trial.test_case().calls.size() - 1, {Part::gradient},
                        side_showing(Element::of(different->first)),
                        side_showing(Element::of(different->second)), std::move(verdict));
}

}  // namespace oracles
