// cpu_fallback: the program on the CPU (left), and on a private device (right), whose operators the library's
// CPU fallback serves: it copies arguments to the CPU, calls the CPU kernel, and copies back what that
// returns and what the schema declares as written. The same kernels compute both sides, so everything agrees
// except where the fallback copies by design: views become copies, and copies have neither gaps nor overlap.
#include <algorithm>

#include "oracles/oracle_checks.h"
#include "oracles/relations/copying_path.h"
#include "oracles/relations/relation.h"
#include "oracles/relations/result_device.h"
#include "oracles/trial/overlap.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

using corpora::LayerKind;

namespace {

bool is_dense_view(const TensorSnapshot& tensor) {
  return is_dense({0, tensor.sizes, tensor.strides, tensor.offset});
}

// What the fallback does by design: it returns copies of views, with a warning, and of results that share
// memory with each other; copies have no gaps.
std::string_view copied_by_design(Trial& trial, const Outcome& left, const Outcome& right,
                                  const Divergence& divergence) {
  if (writes_shared_memory(trial, divergence.call, SameView::counts))
    return "arguments that share memory are copied one by one";
  if (divergence.kind != Kind::alias && divergence.kind != Kind::strides) return {};
  const TensorSnapshot* of_left = differing_result(left, divergence);
  const TensorSnapshot* of_right = differing_result(right, divergence);
  if (!of_left || !of_right) return {};
  if (divergence.kind == Kind::strides && of_left->same_as_input >= 0)
    return "only the values of a written tensor are copied back";
  const auto storages = static_cast<int32_t>(trial.test_case().storages.size());
  if (of_right->storage < storages) return {};
  if (of_left->storage >= storages)
    return divergence.kind == Kind::alias || !is_dense_view(*of_left) ? "results are copied one by one" : "";
  const auto call = static_cast<size_t>(divergence.call);
  const auto& returned = trial.operators()[call]->schema.returns[static_cast<size_t>(divergence.place.index)];
  return returned.alias && !returned.is_write() ? "the CPU fallback returns a copy of a view" : "";
}

// The device has no kernel for these arguments, or the operator wants some of them on the CPU.
bool lacks_kernel(const CallOutcome& error) {
  return error.status == Status::raised &&
         (error.cause == ErrorCause::missing_kernel || error.cause == ErrorCause::no_data);
}

}  // namespace

Verdict check_cpu_fallback(Trial& trial) {
  const corpora::Path device{{LayerKind::private_device}};
  if (trial.subject().device() != "cpu")
    return refused("the run is on a device, which the oracle device judges");
  if (auto verdict = early_verdict(trial, device)) return *verdict;
  Relation relation;
  relation.right = device;
  relation.rules.device = relation.rules.offset = false;
  relation.rules.values = !is_random(trial);
  // Kernels get copies without gaps, and choose the strides of their results by those.
  relation.rules.fresh_strides = relation.rules.resized_strides =
      std::ranges::all_of(trial.test_case().inputs, is_dense);
  const Outcome right = trial.run(device);
  if (auto verdict = result_left_on_cpu(trial, right)) {
    verdict->right = device;
    return *verdict;
  }
  Verdict verdict = judge(trial, relation, trial.direct(), right);
  if (verdict.judgement != Judgement::differ) return verdict;
  const CallOutcome& call = right.calls[static_cast<size_t>(verdict.divergence.call)];
  if (lacks_kernel(call)) return gap(call.message);
  if (const std::string_view why = copied_by_design(trial, trial.direct(), right, verdict.divergence);
      !why.empty())
    return incomparable(std::move(verdict), why);
  if (contiguous_inputs_change(trial, /*sharing=*/false))
    return incomparable(std::move(verdict), "the CPU kernel depends on the layout of its inputs");
  return verdict;
}

}  // namespace oracles
