// device: the CPU (left) and CUDA's kernels as the host runs them (right), and then those again with their
// threads in another order. What adds the same numbers in the same order must agree bit for bit.
#include <optional>

#include "oracles/checks.h"
#include "oracles/effects.h"
#include "oracles/exclusions.h"
#include "oracles/relation.h"

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

// A device as the CPU's run would name it: results must live where the arguments do.
void name_as_on_cpu(std::string& device) {
  if (device == "host_cuda")
    device = "cpu";
  else if (device == "cpu")
    device = "cpu, of tensors on host_cuda";
}

void name_as_on_cpu(Result& result) {
  name_as_on_cpu(result.tensor.device);
  for (Result& each : result.list) name_as_on_cpu(each);
}

void name_as_on_cpu(Outcome& outcome) {
  for (CallOutcome& call : outcome.calls) {
    for (Result& result : call.results) name_as_on_cpu(result);
    for (InputChange& change : call.changes) name_as_on_cpu(change.after.device);
  }
}

// Which order: asked for, or drawn.
int32_t chosen_order(const Trial& trial) {
  for (const corpora::Layer& layer : trial.asked_path())
    if (layer.kind == LayerKind::host_cuda) return layer.storage;
  constexpr uint64_t orders = 1 << 16;
  return static_cast<int32_t>(trial.choices(static_cast<uint64_t>(LayerKind::host_cuda)).below(orders));
}

// A kernel that wrote outside its tensors, or outside its block's shared memory.
std::optional<Verdict> wrote_outside(const Trial& trial, const corpora::Path& path, const Outcome& outcome) {
  for (size_t i = 0; i < outcome.calls.size(); ++i) {
    if (!outcome.calls[i].guard_damaged) continue;
    Verdict verdict;
    verdict.judgement = Judgement::differ;
    verdict.right = path;
    verdict.reach = static_cast<uint8_t>(outcome.reach);
    Divergence& found = verdict.divergence;
    found.kind = Kind::mutation;
    found.call = static_cast<int>(i);
    found.op = trial.test_case().calls[i].op;
    found.where = "memory beside a block";
    found.left = "untouched";
    found.right = "written";
    found.note = "A kernel must stay inside its tensors and its shared memory.";
    return verdict;
  }
  return std::nullopt;
}

Relation relation_to(const corpora::Path& right) {
  Relation relation;
  relation.right = right;
  relation.rules.bits = relation.rules.version = true;
  relation.undeclared_aliases = true;
  return relation;
}

}  // namespace

Verdict check_device(Trial& trial) {
  const int32_t order = chosen_order(trial);
  const corpora::Path host{{LayerKind::host_cuda, order}}, again{{LayerKind::host_cuda, order ^ 1}};
  if (const std::string why = trial.subject().refuses(trial.test_case(), host); !why.empty())
    return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  const bool on_cpu = trial.subject().device() == "cpu";
  Outcome right = trial.run(host);
  if (auto verdict = wrote_outside(trial, host, right)) return *verdict;
  const Outcome other_order = trial.run(again);
  Relation turns = relation_to(again);
  turns.left = host;
  turns.exact = true;
  turns.note = "Threads of a block may take their turns in any order.";
  Verdict verdict = judge(trial, turns, right, other_order);
  if (verdict.judgement == Judgement::differ) return verdict;
  name_as_on_cpu(right);
  Relation relation = relation_to(host);
  relation.rules.device = on_cpu;
  relation.exact = on_cpu && summed_in_another_order().reason(trial.operators()).empty();
  relation.note = "CUDA's kernels, run by the host, must do what the CPU's do.";
  return judge(trial, relation, trial.direct(), right);
}

}  // namespace oracles
