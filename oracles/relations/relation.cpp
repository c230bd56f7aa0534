#include "oracles/relations/relation.h"

#include <algorithm>
#include <optional>

#include "oracles/trial/effects.h"
#include "oracles/trial/experiments.h"
#include "oracles/trial/overlap.h"
#include "oracles/trial/settle.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

bool about_sharing(Kind kind) {
  return kind == Kind::alias || kind == Kind::identity || kind == Kind::strides || kind == Kind::offset;
}

// A side returned memory of an argument that its schema does not declare: the geometry of that result is then
// unspecified, too.
bool shares_undeclared(const Trial& trial, const Compared& compared, const Outcome& left,
                       const Outcome& right) {
  if (!about_sharing(compared.divergence->kind) || compared.result < 0) return false;
  const auto& returns = trial.operators()[static_cast<size_t>(compared.call)]->schema.returns;
  const auto index = static_cast<size_t>(compared.result);
  if (index < returns.size() && returns[index].alias) return false;
  const auto storages = static_cast<int32_t>(trial.test_case().storages.size());
  for (const Outcome* side : {&left, &right}) {
    CallOutcome one;
    one.results = {side->calls[static_cast<size_t>(compared.call)].results[index]};
    for (const TensorSnapshot* tensor : tensor_results(one))
      if (tensor->storage >= 0 && tensor->storage < storages) return true;
  }
  return false;
}

// A copy of a large tensor may exceed the quota although the tensor itself does not.
bool is_only_larger(const CallOutcome& left) {
  constexpr size_t small = size_t{1} << 20;
  size_t bytes = 0;
  for (const TensorSnapshot* tensor : tensor_results(left))
    bytes += static_cast<size_t>(engine::element_count(tensor->sizes)) * engine::size_of(tensor->dtype);
  return bytes > small;
}

// Whether only the path of the right side changes the thread's state. A change by the direct run is a finding
// of the oracle state.
bool path_changes_state(const Outcome& left, const Outcome& right) {
  return left.state.before == left.state.after && right.state.before != right.state.after;
}

// Whether the left side raises because of the layouts of its inputs.
bool refuses_this_layout(Trial& trial, const Relation& relation, const Outcome& left, size_t call) {
  const CallOutcome& error = left.calls[call];
  if (error.cause == ErrorCause::layout) return true;
  return may_be_about_layouts(error) &&
         layout_can_change(trial, trial.test_case(), relation.left, relation.right,
                           [&](const Outcome& other) { return passes(other, call); });
}

// Compares the sides and settles a difference.
void judge_sides(Trial& trial, const Relation& relation, const Outcome& left, const Outcome& right,
                 Verdict& verdict) {
  if (path_changes_state(left, right)) {
    verdict =
        differs(trial, right.calls.size() - 1,
                divergence_of(Kind::state, {Part::thread}, Word{right.state.before}, Word{right.state.after}),
                std::move(verdict));
    return;
  }
  Comparison rules = relation.rules;
  rules.first_fresh_storage = static_cast<int32_t>(trial.test_case().storages.size());
  rules.before = [&](int32_t input) { return input_before(trial, input, relation.right); };
  Compared compared = compare(left, right, rules);
  if (compared.judgement == Judgement::differ && !relation.undeclared_aliases &&
      shares_undeclared(trial, compared, left, right)) {
    rules.alias = rules.identity = rules.strides = rules.offset = false;
    compared = compare(left, right, rules);
  }
  const auto call = static_cast<size_t>(compared.call);
  if (compared.judgement == Judgement::memory && is_only_larger(left.calls[call])) {
    verdict.judgement = Judgement::over_budget;
    verdict.why = "a copy of a large tensor exceeds the memory quota";
    return;
  }
  if (relation.accepts_layout_errors && compared.judgement == Judgement::differ &&
      left.calls[call].status == Status::raised && refuses_this_layout(trial, relation, left, call)) {
    verdict = incomparable(std::move(verdict), "the left side refuses this layout, too");
    return;
  }
  if (!compared.divergence) return take_judgement(compared, verdict);
  if (compared.judgement != Judgement::differ) return conclude(trial, std::move(compared), verdict);
  const auto with_other_pattern = [&](corpora::Path path, const corpora::Case* program = nullptr) {
    const corpora::Path journal_path = path;
    if (path.empty() && !program) return trial.direct_other_pattern();
    path.push_back({corpora::LayerKind::pattern});
    return program ? trial.run(*program, path, journal_path) : trial.run(path);
  };
  settle(trial, {left, right, rules, compared, 0, relation.exact},
         {[&] { return with_other_pattern(relation.left); },
          [&] { return with_other_pattern(relation.right, relation.right_program); }},
         verdict);
  if (verdict.judgement == Judgement::differ && is_about_values(verdict.divergence.kind) &&
      writes_shared_memory(trial, verdict.divergence.call, SameView::allowed))
    verdict = incomparable(std::move(verdict), "the call writes memory that another operand views");
}

}  // namespace

Relation full_relation(corpora::Path left, corpora::Path right) {
  Relation relation{std::move(left), std::move(right), {}, /*undeclared_aliases=*/true};
  relation.rules.bits = relation.rules.version = true;
  return relation;
}

std::optional<Verdict> refused_path(const Trial& trial, const Relation& relation) {
  for (const corpora::Path* path : {&relation.left, &relation.right})
    if (const std::string why = trial.refuses(*path); !why.empty()) return refused(why);
  return std::nullopt;
}

Verdict judge(Trial& trial, const Relation& relation) {
  if (auto verdict = refused_path(trial, relation)) return *verdict;
  std::optional<Outcome> left, right;  // the trial has the direct run
  if (!relation.left.empty()) left = trial.run(relation.left);
  if (relation.left.empty() || relation.right.empty()) trial.direct();
  if (!relation.right.empty()) right = trial.run(relation.right);
  return judge(trial, relation, left ? *left : trial.direct(), right ? *right : trial.direct());
}

Verdict judge(Trial& trial, const Relation& relation, const Outcome& left, const Outcome& right) {
  Verdict verdict;
  verdict.left = relation.left;
  verdict.right = relation.right;
  verdict.reach = right.reach;
  judge_sides(trial, relation, left, right, verdict);
  return verdict;
}

}  // namespace oracles
