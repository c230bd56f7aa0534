// device: the CPU (left) and CUDA's kernels as the host runs them (right), their threads in a drawn order.
// What adds the same numbers in the same order must agree bit for bit. What does not is compared within
// bounds, and bit for bit with itself, its threads in another order.
#include <algorithm>
#include <optional>

#include "oracles/checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

// Sums whose order is another on a GPU, or of OpenBLAS.
const Exclusions& summed_in_another_order() {
  static const Exclusions list{
      {"aten::sum*", "a block merges the sums of its threads"},
      {"aten::mean*", "a block merges the sums of its threads"},
      {"aten::prod*", "a block merges the products of its threads"},
      {"aten::*softmax*", "a block merges the sums of its threads"},
      {"aten::*mm", "OpenBLAS has an order of its own"},
      {"aten::*mm.*", "OpenBLAS has an order of its own"},
      {"aten::*mm_", "OpenBLAS has an order of its own"},
      {"aten::mv*", "OpenBLAS has an order of its own"},
      {"aten::*dot*", "OpenBLAS has an order of its own"},
      {"aten::*matmul*", "OpenBLAS has an order of its own"},
      {"aten::*linear*", "OpenBLAS has an order of its own"},
  };
  return list;
}

// Which order: asked for, or drawn.
int32_t chosen_order(const Trial& trial) {
  for (const corpora::Layer& layer : trial.asked_path())
    if (layer.kind == LayerKind::host_cuda) return layer.storage;
  constexpr uint64_t orders = 1 << 16;
  return static_cast<int32_t>(trial.choices(static_cast<uint64_t>(LayerKind::host_cuda)).below(orders));
}

// A mistake that one run shows by itself.
struct Fault {
  Kind kind;
  Place place;
  Shown expected, found;
};

Fault wrote_outside() { return {Kind::mutation, {Part::beside}, Change::none, Change::values}; }
Fault lives_elsewhere(size_t result) {
  return {Kind::device, {Part::result, static_cast<int32_t>(result)}, Word{"host_cuda"}, Word{"cpu"}};
}

Verdict verdict_of(const Trial& trial, const corpora::Path& path, size_t call, const Fault& fault) {
  Verdict verdict;
  verdict.judgement = Judgement::differ;
  verdict.right = path;
  Divergence& told = verdict.divergence;
  told.kind = fault.kind;
  told.call = static_cast<int>(call);
  told.op = trial.test_case().calls[call].op;
  told.place = fault.place;
  told.left = side_showing(fault.expected);
  told.right = side_showing(fault.found);
  return verdict;
}

bool has_tensor_on_cpu(const Result& result) {
  if (result.kind == Result::Kind::tensor) return result.tensor.defined && result.tensor.device == "cpu";
  return std::any_of(result.list.begin(), result.list.end(), has_tensor_on_cpu);
}

std::optional<Verdict> fault_of(const Trial& trial, const corpora::Path& path, const Outcome& outcome) {
  for (size_t i = 0; i < outcome.calls.size(); ++i) {
    const CallOutcome& call = outcome.calls[i];
    if (call.guard_damaged) return verdict_of(trial, path, i, wrote_outside());
    const auto on_cpu = std::find_if(call.results.begin(), call.results.end(), has_tensor_on_cpu);
    if (on_cpu != call.results.end())
      return verdict_of(trial, path, i, lives_elsewhere(static_cast<size_t>(on_cpu - call.results.begin())));
  }
  return std::nullopt;
}

Relation relation_to(const corpora::Path& right) {
  Relation relation;
  relation.right = right;
  relation.rules.bits = relation.rules.version = true;
  relation.rules.device = false;
  relation.undeclared_aliases = true;
  return relation;
}

// The same threads in another order, bit for bit.
Verdict check_turns(Trial& trial, const corpora::Path& host, const Outcome& first) {
  const corpora::Path again{{LayerKind::host_cuda, host.front().storage ^ 1}};
  const Outcome second = trial.run(again);
  Relation turns = relation_to(again);
  turns.left = host;
  turns.rules.device = turns.exact = true;
  return judge(trial, turns, first, second);
}

}  // namespace

Verdict check_device(Trial& trial) {
  const corpora::Path host{{LayerKind::host_cuda, chosen_order(trial)}};
  if (const std::string why = trial.subject().refuses(trial.test_case(), host); !why.empty())
    return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  const bool on_cpu = trial.subject().device() == "cpu";
  const Outcome right = trial.run(host);
  if (auto verdict = fault_of(trial, host, right)) return *std::move(verdict);
  const bool exact = on_cpu && summed_in_another_order().reason(trial.operators()).empty();
  if (!exact)
    if (Verdict verdict = check_turns(trial, host, right); verdict.judgement == Judgement::differ)
      return verdict;
  Relation relation = relation_to(host);
  relation.exact = exact;
  Verdict verdict = judge(trial, relation, trial.direct(), right);
  const bool order_decides =
      !exact && verdict.judgement == Judgement::differ && verdict.divergence.kind == Kind::nan_pattern;
  return order_decides ? incomparable(std::move(verdict), "in another order other partial results overflow")
                       : verdict;
}

}  // namespace oracles
