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

constexpr corpora::Layer other_pattern{corpora::LayerKind::pattern};

corpora::Path with_other_pattern(corpora::Path path) {
  path.push_back(other_pattern);
  return path;
}

bool about_sharing(Kind kind) {
  return kind == Kind::alias || kind == Kind::identity || kind == Kind::strides || kind == Kind::offset;
}

// A side returned an argument's memory that its schema does not promise: what that memory is like is then no
// promise either.
bool shares_undeclared(const Trial& trial, const Compared& compared, const Outcome& left,
                       const Outcome& right) {
  if (!about_sharing(compared.divergence->kind) || compared.result < 0) return false;
  const auto& returns = trial.operators()[static_cast<size_t>(compared.call)]->schema.returns;
  const auto index = static_cast<size_t>(compared.result);
  if (index < returns.size() && declares_alias(returns[index])) return false;
  const auto storages = static_cast<int32_t>(trial.test_case().storages.size());
  for (const Outcome* side : {&left, &right}) {
    CallOutcome one;
    one.results = {side->calls[static_cast<size_t>(compared.call)].results[index]};
    for (const TensorSnapshot* tensor : tensor_results(one))
      if (tensor->storage >= 0 && tensor->storage < storages) return true;
  }
  return false;
}

// Copies of large tensors may pass the quota where the tensors themselves do not.
bool is_only_larger(const CallOutcome& left) {
  constexpr size_t small = size_t{1} << 20;
  size_t bytes = 0;
  for (const TensorSnapshot* tensor : tensor_results(left))
    bytes += static_cast<size_t>(engine::element_count(tensor->sizes)) * engine::size_of(tensor->dtype);
  return bytes > small;
}

// The direct run is the oracle state's; what a path alone leaves behind for the thread shows on its side
// only.
std::optional<Divergence> state_changed_by_path(const Trial& trial, const Outcome& left,
                                                const Outcome& right) {
  if (left.state.before != left.state.after || right.state.before == right.state.after) return std::nullopt;
  Divergence d;
  d.kind = Kind::state;
  d.call = static_cast<int>(right.calls.size()) - 1;
  d.op = trial.operators()[static_cast<size_t>(d.call)]->name;
  d.place = {Part::thread};
  d.left = side_showing(Word{right.state.before});
  d.right = side_showing(Word{right.state.after});
  return d;
}

// The left side raises: because of the inputs' layouts, and not of anything else?
bool refuses_this_layout(Trial& trial, const Relation& relation, const Outcome& left, size_t call) {
  const CallOutcome& error = left.calls[call];
  if (error.cause == ErrorCause::layout) return true;
  return may_be_about_layouts(error) &&
         layout_can_change(trial, trial.test_case(), relation.left, relation.right,
                           [&](const Outcome& other) { return passes(other, call); });
}

// Compares the sides, and settles what it finds.
void judge_sides(Trial& trial, const Relation& relation, const Outcome& left, const Outcome& right,
                 Verdict& verdict) {
  if (std::optional<Divergence> changed = state_changed_by_path(trial, left, right)) {
    verdict.judgement = Judgement::differ;
    verdict.divergence = std::move(*changed);
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
    verdict.why = "a copy of a large tensor passes the memory quota";
    return;
  }
  if (relation.accepts_layout_errors && compared.judgement == Judgement::differ &&
      left.calls[call].status == Status::raised && refuses_this_layout(trial, relation, left, call)) {
    verdict = incomparable(std::move(verdict), "the operator refuses this layout, dressed or not");
    return;
  }
  if (!compared.divergence) return take_judgement(compared, verdict);
  if (compared.judgement != Judgement::differ) return conclude(trial, std::move(compared), verdict);
  const SidesAgain again{[&] {
                           return relation.left.empty() ? trial.direct_other_pattern()
                                                        : trial.run(with_other_pattern(relation.left));
                         },
                         [&] {
                           return relation.right.empty() ? trial.direct_other_pattern()
                                                         : trial.run(with_other_pattern(relation.right));
                         }};
  settle(trial, {left, right, rules, compared, 0, relation.exact}, again, verdict);
  if (verdict.judgement == Judgement::differ && is_about_values(verdict.divergence.kind) &&
      writes_shared_memory(trial, verdict.divergence.call, SameView::is_fine))
    verdict = incomparable(std::move(verdict), "the call writes memory that its operands share");
}

}  // namespace

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
  judge_sides(trial, relation, left, right, verdict);
  return verdict;
}

}  // namespace oracles
