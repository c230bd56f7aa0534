#include "oracles/relation.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "oracles/effects.h"
#include "oracles/element.h"
#include "oracles/value_comparison.h"

namespace oracles {

namespace {

constexpr corpora::Layer other_pattern{corpora::LayerKind::pattern};

corpora::Path with_other_pattern(corpora::Path path) {
  path.push_back(other_pattern);
  return path;
}

bool about_values(Kind kind) {
  return kind == Kind::value || kind == Kind::nan_pattern || kind == Kind::mutation;
}

// True when two runs of one side already differ in what `found` compared.
bool changes_with_pattern(const Outcome& once, const Outcome& again, const Compared& found,
                          Comparison rules) {
  rules.tolerance = {};
  rules.before = nullptr;
  const Compared compared = compare(once, again, rules);
  return compared.divergence && compared.call <= found.call;
}

void conclude(Trial& trial, Compared compared, Verdict& verdict, int first_call = 0) {
  verdict.judgement = compared.judgement;
  verdict.why = std::move(compared.why);
  verdict.worst_share = compared.worst_share;
  if (!compared.divergence) {
    verdict.divergence = {};
    return;
  }
  std::string note = std::move(verdict.divergence.note);
  verdict.divergence = std::move(*compared.divergence);
  verdict.divergence.call = compared.call + first_call;
  verdict.divergence.op = trial.test_case().calls[static_cast<size_t>(verdict.divergence.call)].op;
  verdict.divergence.note = std::move(note);
}

bool promises_no_alias(const Trial& trial, const Compared& compared) {
  const Kind kind = compared.divergence->kind;
  if ((kind != Kind::alias && kind != Kind::identity) || compared.result < 0) return false;
  const auto& returns = trial.operators()[static_cast<size_t>(compared.call)]->schema.returns;
  const auto result = static_cast<size_t>(compared.result);
  return result >= returns.size() || !declares_alias(returns[result]);
}

// The dtype of what differs; f32 where no tensor of the left side tells.
engine::DType dtype_of(const Compared& found, const CallOutcome& left) {
  if (found.result >= 0 && static_cast<size_t>(found.result) < left.results.size()) {
    const Result& result = left.results[static_cast<size_t>(found.result)];
    if (result.kind == Result::Kind::tensor && result.tensor.has_values) return result.tensor.dtype;
    if (!result.list.empty() && result.list.front().tensor.has_values)
      return result.list.front().tensor.dtype;
  }
  return left.changes.empty() ? engine::DType::f32 : left.changes.front().after.dtype;
}

void settle_by_tolerance(Trial& trial, const Disagreement& disagreement, Verdict& verdict) {
  const CallOutcome& call = disagreement.left.calls[static_cast<size_t>(disagreement.found.call)];
  const engine::DType dtype = dtype_of(disagreement.found, call);
  Comparison bounded = disagreement.rules;
  bounded.tolerance =
      tolerance_of_call(trial, disagreement.found.call + disagreement.first_call, dtype, call);
  const Tolerance& tolerance = bounded.tolerance;
  if (tolerance.tier <= Tier::t0) {
    verdict.divergence.bound_reason = tolerance.reason;
    return;
  }
  bounded.values = tolerance.tier != Tier::t4;
  Compared compared = compare(disagreement.left, disagreement.right, bounded);
  const bool differs = compared.judgement == Judgement::differ;
  if (!differs && tolerance.tier == Tier::t4) {
    verdict = incomparable(std::move(verdict), "values not comparable: " + tolerance.reason);
  } else if (tolerance.tier == Tier::t3 && std::isinf(accumulated_error(dtype, tolerance))) {
    verdict = incomparable(std::move(verdict), "so many terms in so short a format: no bound says anything");
  } else if (differs && compared.divergence->kind == Kind::nan_pattern &&
             tolerance.magnitude * std::max(tolerance.depth, 1.0) > largest_of(dtype)) {
    verdict = incomparable(std::move(verdict),
                           "whether partial results overflow depends on the order of operations");
  } else {
    conclude(trial, std::move(compared), verdict, disagreement.first_call);
  }
}

}  // namespace

Verdict refused(std::string_view why) {
  Verdict verdict;
  verdict.judgement = Judgement::refused;
  verdict.why = why;
  return verdict;
}

Verdict incomparable(Verdict verdict, std::string_view why) {
  verdict.why = why;
  verdict.judgement = Judgement::incomparable;
  verdict.divergence = {};
  return verdict;
}

Verdict before_relation(Trial& trial) {
  const CallOutcome& last = trial.direct().last();
  Verdict verdict;
  verdict.why = last.message;
  if (last.status == Status::over_memory) verdict.judgement = Judgement::over_budget;
  if (last.status == Status::not_implemented) verdict.judgement = Judgement::gap;
  return verdict;
}

Verdict judge(Trial& trial, const Relation& relation) {
  for (const corpora::Path* path : {&relation.left, &relation.right})
    if (const std::string why = trial.subject().refuses(trial.test_case(), *path); !why.empty())
      return refused(why);
  std::optional<Outcome> left, right;  // the direct run is the trial's
  if (!relation.left.empty()) left = trial.run(relation.left);
  if (relation.left.empty() || relation.right.empty()) trial.direct();
  if (!relation.right.empty()) right = trial.run(relation.right);
  return judge(trial, relation, left ? *left : trial.direct(), right ? *right : trial.direct());
}

Verdict judge(Trial& trial, const Relation& relation, const Outcome& left, const Outcome& right) {
  Verdict verdict;
  verdict.left = relation.left;
  verdict.right = relation.right;
  verdict.reach = static_cast<uint8_t>(right.reach);
  Comparison rules = relation.rules;
  rules.first_fresh_storage = static_cast<int32_t>(trial.test_case().storages.size());
  rules.before = [&](int32_t input) { return input_before(trial, input, relation.right); };
  Compared compared = compare(left, right, rules);
  if (compared.judgement == Judgement::differ && !relation.undeclared_aliases &&
      promises_no_alias(trial, compared)) {
    rules.alias = rules.identity = false;
    compared = compare(left, right, rules);
  }
  if (compared.judgement != Judgement::differ) {
    conclude(trial, std::move(compared), verdict);
    return verdict;
  }
  verdict.divergence.note = relation.note;
  const SidesAgain again{[&] {
                           return relation.left.empty() ? trial.direct_other_pattern()
                                                        : trial.run(with_other_pattern(relation.left));
                         },
                         [&] {
                           return relation.right.empty() ? trial.direct_other_pattern()
                                                         : trial.run(with_other_pattern(relation.right));
                         }};
  settle(trial, {left, right, rules, compared}, again, verdict);
  return verdict;
}

void settle(Trial& trial, const Disagreement& disagreement, const SidesAgain& again, Verdict& verdict) {
  const Compared& found = disagreement.found;
  if (changes_with_pattern(disagreement.left, again.left(), found, disagreement.rules)) {
    verdict =
        incomparable(std::move(verdict), "the left side reads uninitialised memory: judged by determinism");
    return;
  }
  const bool uninitialised =
      changes_with_pattern(disagreement.right, again.right(), found, disagreement.rules);
  conclude(trial, found, verdict, disagreement.first_call);
  verdict.divergence.uninitialised = uninitialised;
  if (!uninitialised && about_values(found.divergence->kind))
    settle_by_tolerance(trial, disagreement, verdict);
}

}  // namespace oracles
