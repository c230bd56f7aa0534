// fuser: the program call by call (left), and as a graph, with its fused groups or with their fallbacks
// (right): of TorchScript, which the profiling executor optimises, or of the engine. Both are observed at
// their end. In half of the cases the program is surrounded by operators that fusers fuse, so that groups
// form around its last call. The engine's fuser promises more than PyTorch's: the same elements bit for bit,
// strides, sharing of memory, lazy bits and versions.
#include <algorithm>

#include "corpora/case/text.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/relations/surrounded.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

using corpora::LayerKind;

namespace {

const Exclusions& has_no_values() {
  static const Exclusions list = Exclusions::beside_uninitialised({});
  return list;
}

// Graphs take a write of a list for a change of the list: they move and remove calls that write its elements.
bool writes_elements_of_lists(const std::vector<TensorUse>& uses) {
  return std::ranges::any_of(uses, [](const TensorUse& use) { return use.in_list && use.written; });
}

bool keeps_everything(Trial& trial) { return trial.subject().name() == "engine"; }

// A fused kernel of the library reads memory as it is, without resolving lazy bits. Of a program with an
// author's operator, such a difference would be attributed to that one.
bool bits_reach_fused_kernels(Trial& trial) {
  const auto is_lazy = [](const TensorSnapshot* tensor) { return tensor->conj || tensor->neg; };
  return !keeps_everything(trial) && std::ranges::any_of(trial.operators(), &corpora::Operator::by_author) &&
         std::ranges::any_of(trial.direct().calls, [&](const CallOutcome& call) {
           return std::ranges::any_of(tensor_results(call), is_lazy);
         });
}

Verdict at_last_call(const corpora::Case& c, Verdict verdict) {
  const int last = static_cast<int>(c.calls.size()) - 1;
  if (verdict.divergence.call != last) verdict.divergence.place = {Part::call};
  verdict.divergence.call = last;
  verdict.divergence.op = c.calls.back().op;
  return verdict;
}

// Of programs of which at least one does not return: how the first call ends that does not return on one
// side.
Verdict judge_errors(Trial& trial, const Relation& relation, const Outcome& left, const Outcome& right) {
  Verdict verdict;
  verdict.left = relation.left;
  verdict.right = relation.right;
  verdict.reach = right.reach;
  const size_t index = std::min(left.calls.size(), right.calls.size()) - 1;
  const CallOutcome &l = left.calls[index], &r = right.calls[index];
  for (const CallOutcome* side : {&l, &r}) {
    if (side->status == Status::not_implemented) return gap(side->message);
    if (side->status == Status::over_memory)
      return incomparable(std::move(verdict), "a side exceeds the memory quota");
  }
  if (l.status == Status::raised && r.status == Status::raised) {
    verdict.judgement = Judgement::both_raised;
    return verdict;
  }
  if (l.status == Status::raised && trial.operators()[index]->schema.returns.empty())
    return incomparable(std::move(verdict), "a graph may remove a call that returns nothing");
  return differs(trial, index, divergence_of(Kind::error, {Part::call}, side_of(l), side_of(r)),
                 std::move(verdict));
}

Verdict judge_whole(Trial& trial, Relation relation) {
  const Outcome left = trial.run(relation.left), right = trial.run(relation.right);
  if (!left.returned() || !right.returned()) return judge_errors(trial, relation, left, right);
  // A fused group returns new memory, with strides of its own choice.
  Comparison& rules = relation.rules;
  if (right.reach == Reach::own && !keeps_everything(trial))
    rules.strides = rules.offset = rules.alias = rules.identity = false;
  return judge(trial, relation, left, right);
}

// Results are observed at the end, so a later call may have changed what an earlier one returned: the last
// call of the shortest part that differs is the one to look at.
Verdict judged(Trial& trial, const Relation& relation) {
  const Verdict whole = judge_whole(trial, relation);
  if (!whole.is_detection()) return whole;
  corpora::Case part = trial.test_case();
  const std::vector<corpora::Call> calls = std::move(part.calls);
  part.calls.clear();
  for (const corpora::Call& call : calls) {
    part.calls.push_back(call);
    if (part.calls.size() == calls.size()) break;
    Trial shorter(trial.subject(), part);
    shorter.before_run = trial.before_run;
    Verdict verdict = judge_whole(shorter, relation);
    if (verdict.is_detection()) return at_last_call(part, std::move(verdict));
  }
  return at_last_call(part, whole);
}

Verdict compared_with_graph(Trial& trial) {
  if (trial.test_case().inputs.empty()) return refused("no call takes a tensor");
  if (const std::string_view why = has_no_values().reason(trial.operators()); !why.empty())
    return refused(why);
  Relation relation;
  if (keeps_everything(trial)) {
    relation = full_relation({}, {});
    relation.exact = true;
  }
  const bool asked = is_requested(trial, LayerKind::fused);
  const int32_t form =
      asked && !is_requested(trial, LayerKind::form) ? 0 : chosen_number(trial, LayerKind::form, 2);
  const int32_t execution = chosen_number(trial, LayerKind::fused, 2) + (asked ? 0 : 1);
  relation.left = {{LayerKind::form, form}, {LayerKind::fused, 0}};
  relation.right = {{LayerKind::form, form}, {LayerKind::fused, execution}};
  relation.rules.values = !is_random(trial);
  if (auto verdict = early_verdict(trial, relation.right)) return *verdict;
  if (writes_elements_of_lists(trial.uses())) return refused("a call writes tensors of a list");
  if (form == 0) return judged(trial, relation);
  const std::optional<Surrounded> program =
      surrounded(trial.test_case(), trial.uses(), trial.direct(), !keeps_everything(trial));
  if (!program) return refused("the call raises");
  Trial larger(trial.subject(), program->program);
  larger.before_run = trial.before_run;
  Verdict verdict = judged(larger, relation);
  if (!verdict.is_detection()) return verdict;
  verdict.divergence.call = program->original(verdict.divergence.call);
  verdict.divergence.op = trial.test_case().calls[static_cast<size_t>(verdict.divergence.call)].op;
  verdict.right_case = corpora::to_text(program->program);
  return verdict;
}

}  // namespace

Verdict check_fuser(Trial& trial) {
  Verdict verdict = compared_with_graph(trial);
  if (verdict.judgement == Judgement::differ && bits_reach_fused_kernels(trial))
    return incomparable(std::move(verdict), "fused kernels of the library do not resolve lazy bits");
  return verdict;
}

}  // namespace oracles
