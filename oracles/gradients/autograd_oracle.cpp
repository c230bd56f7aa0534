// autograd: the direct run (left) and a recorded run (right) agree bit for bit in everything, and the
// gradients are the derivative. Gradients are compared with finite differences in f64, along directions
// through all storages at once; the gradients of the program in its own dtypes are computed but not compared.
// A call that writes a leaf must raise, and so must a recorded call that writes a storage whose views were
// made without recording.
#include <algorithm>
#include <cmath>

#include "engine/core/error.h"
#include "oracles/compare/element.h"
#include "oracles/gap_reporter.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/gradient_judgement.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/experiments.h"
#include "oracles/trial/storage_layers.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

constexpr corpora::Layer recording{LayerKind::grad};

// Whether no gradient passes through the operator, by contract.
bool cuts(const corpora::Operator* op) { return op->name == "aten::detach"; }

// Another layer for one storage, or nothing: a lazy bit, a constant, a leaf, or views that are not recorded.
std::optional<LayerKind> second_layer(const Trial& trial, size_t s, corpora::ChoiceSource& choices) {
  const std::vector<corpora::Storage>& storages = trial.test_case().storages;
  const engine::DType dtype = storages[s].dtype;
  switch (choices.below(8)) {
    case 0:
    case 1:
      if (dtype == engine::DType::b8) return std::nullopt;
      return engine::is_complex(dtype) && choices.chance(1, 2) ? LayerKind::conj : LayerKind::neg;
    case 2:
    case 3:
      if (storages.size() > 1) return LayerKind::constant;
      return std::nullopt;
    case 4:
    case 5:
      if (!is_differentiable(dtype) || std::ranges::any_of(trial.operators(), cuts)) return std::nullopt;
      return storages.size() > 1 && choices.chance(1, 2) ? LayerKind::unrecorded : LayerKind::leaf;
    default:
      return std::nullopt;
  }
}

// A recorded run; in one case of eight with Python modes, too.
corpora::Path drawn_path(const Trial& trial) {
  if (is_requested(trial, LayerKind::grad)) return trial.requested_path();
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::grad));
  const size_t storages = trial.test_case().storages.size();
  if (choices.chance(1, 8)) return {{LayerKind::python}, recording};
  if (storages == 0) return {recording};
  const size_t s = choices.below(storages);
  const std::optional<LayerKind> beside = second_layer(trial, s, choices);
  return beside ? corpora::Path{{*beside, static_cast<int32_t>(s)}, recording} : corpora::Path{recording};
}

// The drawn path, or only a recorded run if the subject cannot run that.
corpora::Path recorded_path(const Trial& trial) {
  corpora::Path path = drawn_path(trial);
  return is_requested(trial, LayerKind::grad) || trial.refuses(path).empty() ? path
                                                                             : corpora::Path{recording};
}

corpora::Path without_recording(corpora::Path path) {
  std::erase_if(path, [](const corpora::Layer& layer) {
    return layer.kind == LayerKind::grad || layer.row().needs == LayerKind::grad;
  });
  return path;
}

const Exclusions& without_derivative() {
  static const Exclusions list{
      {"aten::as_strided", "may view memory outside of its argument, which has no gradient"},
      {"aten::resize_", "raises if it is recorded"},
      {"aten::empty*", "returns uninitialised memory by contract"},
  };
  return list;
}

// Operators that divide by small numbers.
const Exclusions& saws() {
  static const Exclusions list{
      {"aten::remainder*.Tensor", "is a sawtooth whose period may be smaller than any step"}};
  return list;
}

bool has_small_numbers(const Trial& trial) {
  constexpr double small = 0x1p-4;
  for (size_t s = 0; s < trial.test_case().storages.size(); ++s) {
    const engine::DType dtype = trial.test_case().storages[s].dtype;
    if (!engine::is_floating(dtype)) continue;
    const auto& bytes = trial.image().storages[s];
    for (size_t at = 0; at < bytes.size(); at += engine::size_of(dtype))
      if (std::fabs(component_at(dtype, bytes.data() + at, 0)) < small) return true;
  }
  return false;
}

// Why the case has no gradient that can be judged, or empty.
std::string_view no_gradient(Trial& trial) {
  constexpr int64_t largest = 4096;
  bool any_differentiable = false;
  for (const corpora::Storage& storage : trial.test_case().storages) {
    any_differentiable = any_differentiable || is_differentiable(storage.dtype);
    if (storage.elements > largest) return "too many elements: rounding errors exceed the finite differences";
  }
  if (!any_differentiable) return "the case has no real or complex input";
  if (const std::string_view why = without_derivative().reason(trial.operators()); !why.empty()) return why;
  if (const std::string_view why = saws().reason(trial.operators()); !why.empty() && has_small_numbers(trial))
    return why;
  if (is_random(trial)) return "an operator draws from a random number generator";
  for (const corpora::Operator* op : trial.operators())
    if (std::ranges::any_of(op->schema.arguments, &engine::Argument::is_out))
      return "out= forms do not support autograd";
  return {};
}

// Whether a call after the first writes: it may overwrite a tensor that an earlier call saved.
bool may_write_saved(const Trial& trial) {
  const auto& operators = trial.operators();
  return std::any_of(operators.begin() + 1, operators.end(), [](const corpora::Operator* op) {
    return std::ranges::any_of(op->schema.arguments, declares_write);
  });
}

// Whether an argument of the call requires a gradient in the recorded run.
bool is_recorded(Trial& trial, int32_t call, const LayersByStorage& layers, const Outcome& recorded) {
  return std::ranges::any_of(trial.uses(), [&](const TensorUse& use) {
    if (use.call != call) return false;
    if (!use.tensor.is_input()) {
      const CallOutcome& earlier = recorded.calls[static_cast<size_t>(use.tensor.call)];
      const TensorSnapshot* tensor = tensor_result(earlier, use.tensor.index);
      return tensor && tensor->requires_grad;
    }
    const auto s = static_cast<size_t>(use.storage);
    return is_differentiable(trial.test_case().storages[s].dtype) && !layers[s].has(LayerKind::constant);
  });
}

// The first call that writes a leaf or a view of one, or the first recorded call that writes a view that was
// made without recording.
std::optional<int32_t> forbidden_write(Trial& trial, const corpora::Path& path, const Outcome& recorded) {
  const LayersByStorage layers = layers_by_storage(trial.test_case(), path);
  for (const TensorUse& use : trial.uses()) {
    const auto s = static_cast<size_t>(use.storage);
    if (!use.written || s >= layers.size() || static_cast<size_t>(use.call) >= recorded.calls.size())
      continue;
    if (layers[s].has(LayerKind::leaf)) return use.call;
    if (!layers[s].has(LayerKind::unrecorded)) continue;
    // An input that an earlier call wrote may require a gradient now, which no snapshot shows.
    const bool raised = recorded.calls[static_cast<size_t>(use.call)].status == Status::raised;
    if (raised || is_recorded(trial, use.call, layers, recorded)) return use.call;
  }
  return std::nullopt;
}

// Not because of missing memory or a missing kernel.
bool ended(const Outcome& run, int32_t call) {
  const Status status = run.calls[static_cast<size_t>(call)].status;
  return status == Status::returned || status == Status::raised;
}

Verdict judge_forbidden_write(Trial& trial, int32_t call, const corpora::Path& path,
                              const Outcome& recorded) {
  Verdict verdict;
  verdict.right = path;
  verdict.reach = recorded.reach;
  if (recorded.calls[static_cast<size_t>(call)].status == Status::raised) {
    verdict.judgement = trial.direct().returned() ? Judgement::agree : Judgement::both_raised;
    return verdict;
  }
  const auto at = static_cast<size_t>(call);
  return wrong_gradient(trial, at, {Part::forbidden}, side_that(End::must_raise), side_of(recorded.calls[at]),
                        std::move(verdict));
}

// A result of an operator that cuts the gradient requires a gradient.
std::optional<Verdict> recorded_past_a_cut(Trial& trial, const Outcome& recorded, const Verdict& verdict) {
  for (size_t i = 0; i < recorded.calls.size(); ++i) {
    if (!cuts(trial.operators()[i])) continue;
    const auto tensors = tensor_results(recorded.calls[i]);
    for (size_t result = 0; result < tensors.size(); ++result) {
      if (!tensors[result]->requires_grad) continue;
      return wrong_gradient(trial, i, {Part::result, static_cast<int32_t>(result)},
                            side_showing(RequiresGrad{false}), side_showing(RequiresGrad{true}), verdict);
    }
  }
  return std::nullopt;
}

// Whether a run with other values returns gradients.
bool gradients_depend_on_data(Trial& trial, const corpora::Path& path) {
  return data_can_change(trial, path, path, [](const Outcome& other) {
    return other.backward && other.backward->status == Status::returned;
  });
}

// The backward pass did not return.
Verdict without_gradients(Trial& trial, Verdict verdict, const BackwardOutcome& backward) {
  if (backward.status == Status::not_implemented) return gap(backward.message);
  if (backward.status == Status::over_memory) {
    verdict.judgement = Judgement::over_budget;
    verdict.why = backward.message;
    return verdict;
  }
  if (backward.error_class == name_of(engine::ErrorKind::runtime) && may_write_saved(trial))
    return incomparable(std::move(verdict), "a later call may have written a saved tensor");
  const corpora::Path recorded = verdict.right;
  if (!trial.subject().facts(trial.last_operator().name) && gradients_depend_on_data(trial, recorded))
    return incomparable(std::move(verdict), "the backward pass raises for some values only");
  Side raised = side_that(End::raised, backward.message);
  raised.error_class = backward.error_class;
  return wrong_gradient(trial, trial.test_case().calls.size() - 1, {Part::backward}, {}, std::move(raised),
                        std::move(verdict));
}

// Whether an operator of an author has no derivative: its results have no history then, or one that raises.
bool has_no_formula(Trial& trial) {
  return std::ranges::any_of(trial.operators(), [&](const corpora::Operator* op) {
    const std::vector<OperatorGap> gaps =
        op->by_author ? gaps_of(trial.subject(), op->name) : std::vector<OperatorGap>();
    return std::ranges::count(gaps, Gap::autograd_formula, &OperatorGap::what) > 0;
  });
}

}  // namespace

Verdict check_autograd(Trial& trial) {
  const corpora::Path recorded = recorded_path(trial);
  if (const std::string why = trial.refuses(recorded); !why.empty()) return refused(why);
  if (const std::string_view why = no_gradient(trial); !why.empty()) return refused(why);
  if (auto verdict = early_verdict(trial)) return *verdict;
  const Relation relation = full_relation(without_recording(recorded), recorded);
  const Outcome run = trial.run(recorded);
  if (const std::optional<int32_t> call = forbidden_write(trial, recorded, run); call && ended(run, *call))
    return judge_forbidden_write(trial, *call, recorded, run);
  std::optional<Outcome> left;  // the trial has the direct run
  if (!relation.left.empty()) left = trial.run(relation.left);
  Verdict verdict = judge(trial, relation, left ? *left : trial.direct(), run);
  if (verdict.judgement != Judgement::agree || !run.backward) return verdict;
  if (auto past_a_cut = recorded_past_a_cut(trial, run, verdict)) return *past_a_cut;
  if (std::ranges::any_of(trial.operators(), cuts)) return verdict;
  if (has_no_formula(trial)) return verdict;
  const size_t calls = trial.test_case().calls.size();
  std::optional<Verdict> found;
  if (run.backward->status == Status::returned || has_dtype(trial, narrow_dtypes))
    found = judge_gradients(trial, calls, verdict);
  if (!found && run.backward->status != Status::returned && !has_dtype(trial, half_dtypes))
    return without_gradients(trial, std::move(verdict), *run.backward);
  if (!found) return incomparable(std::move(verdict), "the program in f64 does not return gradients");
  // The shortest program whose gradients differ names the operator.
  if (found->judgement == Judgement::differ)
    for (size_t some = 1; some < calls; ++some)
      if (auto earlier = judge_gradients(trial, some, verdict);
          earlier && earlier->judgement == Judgement::differ)
        return *earlier;
  return *found;
}

}  // namespace oracles
