// autograd: the direct run and a recorded one agree in everything, bit for bit; and what running backwards
// gives is the derivative. That is asked in f64, where differences tell it to many digits, along one
// direction through all storages at once; the gradients of a narrower program are held against those of f64.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "oracles/checks.h"
#include "oracles/cotangents.h"
#include "oracles/derivative.h"
#include "oracles/effects.h"
#include "oracles/element.h"
#include "oracles/relation.h"

namespace oracles {

namespace {

const corpora::Path recorded{{corpora::LayerKind::grad}};

// Empty when there is something to judge.
std::string_view nothing_to_judge(Trial& trial) {
  constexpr int64_t largest = 4096;
  bool differentiable = false;
  for (const corpora::Storage& storage : trial.test_case().storages) {
    differentiable =
        differentiable || engine::is_floating(storage.dtype) || engine::is_complex(storage.dtype);
    if (storage.elements > largest) return "so many elements that differences drown in rounding";
  }
  if (!differentiable) return "no real or complex input";
  if (random_operator(trial.operators())) return "draws from a generator";
  for (const corpora::Operator* op : trial.operators())
    for (const engine::Argument& argument : op->schema.arguments)
      if (argument.is_out()) return "an out= form takes no part in autograd";
  return {};
}

Verdict differs(Verdict verdict, Divergence divergence) {
  divergence.kind = Kind::gradient;
  divergence.tier = Tier::t4;
  divergence.note = "A gradient must be the derivative.";
  verdict.judgement = Judgement::differ;
  verdict.divergence = std::move(divergence);
  return verdict;
}

// Running backwards ended without gradients.
Verdict without_gradients(Trial& trial, Verdict verdict, const BackwardOutcome& backward) {
  if (backward.status == Status::not_implemented) return gap(backward.message);
  if (backward.status == Status::over_memory) {
    verdict.judgement = Judgement::over_budget;
    verdict.why = backward.message;
    return verdict;
  }
  if (backward.message.find("modified by an inplace operation") != std::string::npos)
    return incomparable(std::move(verdict), "a saved tensor was written since, and says so");
  Divergence d;
  d.call = static_cast<int>(trial.test_case().calls.size()) - 1;
  d.op = trial.last_operator().name;
  d.where = "running backwards";
  d.left = "gradients";
  d.right = fmt::format("raises {}: {}", backward.error_class, backward.message);
  return differs(std::move(verdict), std::move(d));
}

// The derivative of the first `calls` calls against their gradients, in f64.
Verdict judge_wide(Trial& trial, size_t calls, Verdict verdict) {
  WideProgram program(trial, calls);
  const Outcome wide = program.run_at(0, recorded);
  if (!wide.backward || wide.backward->status != Status::returned)
    return incomparable(std::move(verdict), "the program in f64 ends otherwise");
  const Projected found = projected(*wide.backward, program.direction());
  const std::optional<Derivative> derivative = derivative_of(program);
  if (!derivative || !found.finite) return incomparable(std::move(verdict), "not finite near this point");
  const double bound = derivative->error + 1e-10 * found.size;
  const double scale = std::max(found.size, std::fabs(derivative->slope));
  if (bound > 1e-3 * scale && scale > 0)
    return incomparable(std::move(verdict), "not smooth, or too steep, at this point");
  const double difference = std::fabs(found.slope - derivative->slope);
  verdict.judgement = Judgement::agree;
  verdict.worst_share = bound > 0 ? difference / bound : 0;
  if (difference <= bound) return verdict;
  Divergence d;
  d.call = static_cast<int>(calls) - 1;
  d.op = trial.test_case().calls[calls - 1].op;
  d.where = "all storages, along one direction";
  d.left = fmt::format("{:.17g}", derivative->slope);
  d.right = fmt::format("{:.17g}", found.slope);
  d.difference = difference;
  d.bound = bound;
  d.bound_reason = "what two widths of differences in f64, a kink and rounding may make";
  return differs(std::move(verdict), std::move(d));
}

}  // namespace

Verdict check_autograd(Trial& trial) {
  if (const std::string why = trial.subject().refuses(trial.test_case(), recorded); !why.empty())
    return refused(why);
  if (const std::string_view why = nothing_to_judge(trial); !why.empty()) return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  const Outcome run = trial.run(recorded);
  Relation relation;
  relation.right = recorded;
  relation.rules.bits = relation.rules.version = true;
  relation.undeclared_aliases = true;
  relation.note = "Recording a program for differentiation must change nothing in it.";
  Verdict verdict = judge(trial, relation, trial.direct(), run);
  if (verdict.judgement != Judgement::agree || !run.backward) return verdict;
  if (run.backward->status != Status::returned)
    return without_gradients(trial, std::move(verdict), *run.backward);
  const size_t calls = trial.test_case().calls.size();
  verdict = judge_wide(trial, calls, std::move(verdict));
  // The first call from which on it differs names the operator.
  if (verdict.judgement == Judgement::differ)
    for (size_t some = 1; some < calls; ++some)
      if (Verdict earlier = judge_wide(trial, some, verdict); earlier.judgement == Judgement::differ)
        return earlier;
  return verdict;
}

}  // namespace oracles
