// device: the CPU kernels (left) and the CUDA kernels run by the host (right), with their threads in a drawn
// order. Operators that compute in the same order on both must agree bit for bit. Other operators are
// compared within bounds, and bit for bit with a run whose threads have a different order.
// On a device of PyTorch (--device): that device (left) and the CPU (right), where both have kernels.
#include <optional>

#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/relations/result_device.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

// The two kernels compute in different orders.
const Exclusions& computed_in_another_order() {
  static const Exclusions list{
      {"aten::sum*", "a thread block adds the sums of its threads"},
      {"aten::mean*", "a thread block adds the sums of its threads"},
      {"aten::prod*", "a thread block multiplies the products of its threads"},
      {"aten::*softmax*", "a thread block adds the sums of its threads"},
      {"aten::*mm", "OpenBLAS has its own order"},
      {"aten::*mm.*", "OpenBLAS has its own order"},
      {"aten::*mm_", "OpenBLAS has its own order"},
      {"aten::mv*", "OpenBLAS has its own order"},
      {"aten::*dot*", "OpenBLAS has its own order"},
      {"aten::*matmul*", "OpenBLAS has its own order"},
      {"aten::*linear*", "OpenBLAS has its own order"},
  };
  return list;
}

// A write outside of a block, or a result on the CPU.
std::optional<Verdict> error_of_one_run(const Trial& trial, const corpora::Path& path,
                                        const Outcome& outcome) {
  Verdict verdict;
  verdict.right = path;
  for (size_t i = 0; i < outcome.calls.size(); ++i) {
    const CallOutcome& call = outcome.calls[i];
    if (call.guard_damaged)
      return differs(trial, i, divergence_of(Kind::mutation, {Part::beside}, Change::none, Change::values),
                     verdict);
    const int32_t on_cpu = result_on_cpu(call);
    if (on_cpu < 0) continue;
    return differs(trial, i,
                   divergence_of(Kind::device, {Part::result, on_cpu}, Word{"host_cuda"}, Word{"cpu"}),
                   verdict);
  }
  return std::nullopt;
}

// The threads in a different order, bit for bit.
Verdict check_other_order(Trial& trial, const corpora::Path& host, const Outcome& first) {
  const corpora::Path again{{LayerKind::host_cuda, host.front().storage ^ 1}};
  Relation relation = full_relation(host, again);
  relation.exact = true;
  return judge(trial, relation, first, trial.run(again));
}

bool lacks_a_kernel(const Outcome& outcome, int32_t call) {
  const CallOutcome& ended = outcome.calls[static_cast<size_t>(call)];
  return ended.status == Status::raised &&
         (ended.cause == ErrorCause::missing_kernel || ended.cause == ErrorCause::no_data);
}

Verdict check_device_and_cpu(Trial& trial, const corpora::Path& cpu) {
  if (auto verdict = early_verdict(trial, cpu)) return *verdict;
  if (auto verdict = result_left_on_cpu(trial, trial.direct())) return *verdict;
  Relation relation;
  relation.right = cpu;
  relation.rules.device = relation.rules.fresh_strides = relation.rules.resized_strides = false;
  relation.rules.values = !is_random(trial);
  const Outcome right = trial.run(cpu);
  Verdict verdict = judge(trial, relation, trial.direct(), right);
  if (verdict.judgement != Judgement::differ) return verdict;
  for (const Outcome* side : {&trial.direct(), &right})
    if (lacks_a_kernel(*side, verdict.divergence.call))
      return gap(side->calls[static_cast<size_t>(verdict.divergence.call)].message);
  return verdict;
}

}  // namespace

Verdict check_device(Trial& trial) {
  const corpora::Path other{{LayerKind::private_device}};
  if (trial.subject().device() != "cpu" && trial.refuses(other).empty())
    return check_device_and_cpu(trial, other);
  constexpr uint64_t orders = 1 << 16;
  const corpora::Path host{{LayerKind::host_cuda, chosen_number(trial, LayerKind::host_cuda, orders)}};
  if (auto verdict = early_verdict(trial, host)) return *verdict;
  const bool on_cpu = trial.subject().device() == "cpu";
  const Outcome right = trial.run(host);
  if (auto verdict = error_of_one_run(trial, host, right)) return *verdict;
  const bool exact = on_cpu && computed_in_another_order().reason(trial.operators()).empty();
  if (!exact)
    if (Verdict verdict = check_other_order(trial, host, right); verdict.judgement == Judgement::differ)
      return verdict;
  Relation relation = full_relation({}, host);
  relation.rules.device = false;
  relation.exact = exact;
  Verdict verdict = judge(trial, relation, trial.direct(), right);
  const bool order_decides =
      !exact && verdict.judgement == Judgement::differ && verdict.divergence.kind == Kind::nan_pattern;
  if (!order_decides) return verdict;
  return incomparable(std::move(verdict), "whether an intermediate result overflows depends on the order");
}

}  // namespace oracles
