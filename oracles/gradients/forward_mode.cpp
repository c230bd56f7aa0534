#include "oracles/gradients/forward_mode.h"

#include <algorithm>
#include <cmath>

#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/gradient_judgement.h"
#include "oracles/gradients/tangents.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

corpora::Path dual_path(const TangentDraw& draw) { return {{LayerKind::dual, draw.number()}}; }

// The gradients of reverse mode along the direction, or why there are none. Storages whose gradient may be
// undefined by a declaration get no tangent in `draw`.
std::optional<Projected> reverse_slope(WideProgram& program, TangentDraw& draw, const corpora::Case& c) {
  const Outcome recorded = program.run_at(0, {{LayerKind::grad}});
  if (!recorded.backward || recorded.backward->status != Status::returned) return std::nullopt;
  const std::vector<TensorSnapshot>& gradients = recorded.backward->gradients;
  for (size_t s = 0; s < c.storages.size() && s < gradients.size(); ++s) {
    if (!gradients[s].opaque) continue;
    if (s >= TangentDraw::most_held) return std::nullopt;
    draw.held |= 1U << s;
  }
  return projected(*recorded.backward, tangents_of(c, draw)).front();
}

bool agree(const Projected& forward, const Projected& reverse) {
  constexpr double relative = 1e-9, tiny = 1e-14;
  const double difference = std::fabs(forward.slope - reverse.slope);
  return forward.finite && reverse.finite && difference <= relative * (forward.size + reverse.size) + tiny;
}

// Whether a call before the last one writes. The tangent of what it overwrote is then zero, and so is the
// gradient of reverse mode, which does not multiply that zero with the slopes of later calls.
bool overwrites_before_its_end(const Trial& trial) {
  const auto& operators = trial.operators();
  return std::any_of(operators.begin(), operators.end() - 1, [](const corpora::Operator* op) {
    return std::ranges::any_of(op->schema.arguments, declares_write);
  });
}

}  // namespace

std::optional<int32_t> forward_draw(const Trial& trial) {
  if (is_requested(trial, LayerKind::dual)) return chosen_number(trial, LayerKind::dual, 1);
  if (!trial.requested_path().empty()) return std::nullopt;
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::dual));
  if (!choices.chance(1, 4)) return std::nullopt;
  TangentDraw draw;
  draw.direction = static_cast<int32_t>(choices.below(TangentDraw::directions));
  const size_t storages = trial.test_case().storages.size();
  for (size_t s = 0; s < storages && s < TangentDraw::most_held; ++s)
    if (storages > 1 && choices.chance(1, 4)) draw.held |= 1U << s;
  if (!trial.refuses(dual_path(draw)).empty()) return std::nullopt;
  return draw.number();
}

Verdict judge_forward(Trial& trial, int32_t number) {
  TangentDraw draw = TangentDraw::of(number);
  const Relation relation = full_relation({}, dual_path(draw));
  if (const std::string why = trial.refuses(relation.right); !why.empty()) return refused(why);
  const Outcome run = trial.run(relation.right);
  Verdict verdict = judge(trial, relation, trial.direct(), run);
  if (verdict.judgement != Judgement::agree || has_no_formula(trial)) return verdict;
  const corpora::Case& c = trial.test_case();
  const size_t calls = c.calls.size();
  WideProgram program(trial, calls, static_cast<size_t>(draw.direction), {});
  const std::optional<Projected> reverse = reverse_slope(program, draw, c);
  if (!reverse) return incomparable(std::move(verdict), "the program in f64 does not return gradients");
  const Outcome wide = program.run_at(0, dual_path(draw));
  if (!wide.backward) {
    const CallOutcome& last = wide.last();
    if (last.status == Status::not_implemented) return gap(last.message);
    return incomparable(std::move(verdict), "the program in f64 does not return tangents");
  }
  const Projected forward = forward_slope(trial, wide);
  if (agree(forward, *reverse)) return verdict;
  if (!forward.finite && reverse->finite && overwrites_before_its_end(trial))
    return incomparable(std::move(verdict),
                        "an infinite slope meets the zero tangent of an overwritten element");
  verdict.right = dual_path(draw);
  const std::optional<Verdict> found = judge_tangents(trial, draw, verdict);
  return found ? *found : incomparable(std::move(verdict), "the program in f64 does not return tangents");
}

}  // namespace oracles
