// autograd: the direct run (left) and a recorded run (right) agree bit for bit in everything, and the
// gradients are the derivative. Gradients are compared with finite differences in f64, along directions
// through all storages at once; the gradients of the program in its own dtypes are computed but not compared.
// A call that writes a leaf must raise, and so must a recorded call that writes a storage whose views were
// made without recording. Some cases are judged in forward mode instead (forward_mode.h), or with memory that
// is written before the backward pass (saved_tensors.h).
#include <algorithm>
#include <cmath>

#include "engine/core/error.h"
#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/forward_mode.h"
#include "oracles/gradients/gradient_judgement.h"
#include "oracles/gradients/incoming_draw.h"
#include "oracles/gradients/saved_tensors.h"
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
bool cuts(const corpora::Operator* op) {
  return op->name == "aten::detach" || op->name == "aten::detach_" || op->name == "aten::data";
}

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

// In one case of four: no-grad or inference mode, in which the calls of a recorded run record nothing.
std::optional<LayerKind> mode_without_recording(const Trial& trial) {
  for (const LayerKind mode : {LayerKind::no_grad, LayerKind::inference})
    if (is_requested(trial, mode)) return mode;
  if (is_requested(trial, LayerKind::grad)) return std::nullopt;
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::no_grad));
  const uint64_t drawn = choices.below(8);
  if (drawn > 1) return std::nullopt;
  return drawn == 0 ? LayerKind::no_grad : LayerKind::inference;
}

// Whether gradients are run backwards, too: in one case of four, if the subject can.
bool has_second(const Trial& trial) {
  if (is_requested(trial, LayerKind::second)) return true;
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::second));
  return trial.requested_path().empty() && choices.chance(1, 4) &&
         trial.refuses({recording, {LayerKind::second}}).empty();
}

// The drawn path, or only a recorded run if the subject cannot run that.
corpora::Path recorded_path(const Trial& trial) {
  if (const std::optional<LayerKind> mode = mode_without_recording(trial)) {
    const corpora::Path path{recording, {*mode}};
    if (is_requested(trial, *mode)) return trial.requested_path();
    if (trial.refuses(path).empty()) return path;
  }
  corpora::Path path = drawn_path(trial);
  if (!is_requested(trial, LayerKind::grad) &&
      trial.choices(static_cast<uint64_t>(LayerKind::incoming)).chance(1, 3)) {
    corpora::Path drawn = path;
    drawn.push_back({LayerKind::incoming, chosen_number(trial, LayerKind::incoming, incoming_draws)});
    if (trial.refuses(drawn).empty()) return drawn;
  }
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
      {"aten::resize_as_", "raises if it is recorded"},
      {"aten::retain_grad", "raises unless it is recorded"},
      {"aten::requires_grad_", "changes what is recorded"},
      {"aten::is_leaf", "depends on what is recorded"},
      {"aten::output_nr", "depends on what is recorded"},
      {"aten::_make_dual*", "checks which mode of autograd is on"},
      {"aten::_unpack_dual*", "returns the tangent of a dual tensor"},
      {"aten::_fw_primal*", "checks which mode of autograd is on"},
      {"aten::set_*", "takes the memory of another tensor, without its history"},
      {"aten::set.*", "takes the memory of another tensor, without its history"},
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

// Whether the call changed an element or a version counter of an input that is a leaf or was made without
// recording. If it changed only names, sizes or history, gradients stay right.
bool changes_memory(const Trial& trial, const corpora::Path& path, const CallOutcome& call) {
  const LayersByStorage layers = layers_by_storage(trial.test_case(), path);
  return std::ranges::any_of(call.changes, [&](const InputChange& change) {
    const auto s = static_cast<size_t>(trial.test_case().inputs[static_cast<size_t>(change.input)].storage);
    const bool forbidden = layers[s].has(LayerKind::leaf) || layers[s].has(LayerKind::unrecorded);
    return forbidden && (change.values_changed || change.version_delta != 0);
  });
}

// Whether the recorded run raised in a call that writes, after a call that returned several views at once:
// none of those may be written while calls are recorded.
bool may_write_one_of_several(const Trial& trial, const Outcome& recorded) {
  if (recorded.calls.empty() || recorded.last().status != Status::raised) return false;
  const auto& operators = trial.operators();
  const size_t last = recorded.calls.size() - 1;
  return std::ranges::any_of(operators[last]->schema.arguments, declares_write) &&
         std::any_of(operators.begin(), operators.begin() + static_cast<std::ptrdiff_t>(last),
                     [](const corpora::Operator* op) {
                       return std::ranges::any_of(op->schema.returns, [](const engine::Argument& result) {
                         return result.alias && result.type.kind == engine::TypeKind::list;
                       });
                     });
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
  if (!changes_memory(trial, path, recorded.calls[at]))
    return incomparable(std::move(verdict), "the call changes no element of the leaf");
  if (has_no_formula(trial)) return gap("an operator that writes its argument has no kernel at autograd");
  // In Python, an operator that only writes is registered at autograd, but cannot have a formula.
  if (trial.operators()[at]->by_author && tensor_results(recorded.calls[at]).empty())
    return gap("an operator that only writes its arguments records nothing");
  if (recorded.backward && recorded.backward->status == Status::not_implemented)
    return gap(recorded.backward->message);
  return wrong_gradient(trial, at, {Part::forbidden}, side_that(End::must_raise), side_of(recorded.calls[at]),
                        std::move(verdict));
}

// A result requires a gradient, although its operator cuts the gradient or, with `always`, its call ran in a
// mode that records nothing and it is not a view of an input.
std::optional<Verdict> recorded_past_a_cut(Trial& trial, const Outcome& recorded, const Verdict& verdict,
                                           bool always = false) {
  const auto storages = static_cast<int32_t>(trial.test_case().storages.size());
  for (size_t i = 0; i < recorded.calls.size(); ++i) {
    if (!always && !cuts(trial.operators()[i])) continue;
    const auto tensors = tensor_results(recorded.calls[i]);
    for (size_t result = 0; result < tensors.size(); ++result) {
      if (!tensors[result]->requires_grad || tensors[result]->same_as_input >= 0) continue;
      if (always && tensors[result]->storage < storages) continue;  // also if it is opaque
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

}  // namespace

Verdict check_autograd(Trial& trial) {
  corpora::Path recorded = recorded_path(trial);
  std::erase(recorded, corpora::Layer{LayerKind::second});  // judged after the first derivative
  if (const std::string why = trial.refuses(recorded); !why.empty()) return refused(why);
  if (const std::string_view why = no_gradient(trial); !why.empty()) return refused(why);
  if (auto verdict = early_verdict(trial)) return *verdict;
  if (std::ranges::none_of(trial.operators(), cuts)) {
    if (const std::optional<int32_t> draw = forward_draw(trial)) return judge_forward(trial, *draw);
    if (const std::optional<int32_t> draw = overwritten_draw(trial)) return judge_overwritten(trial, *draw);
  }
  const Relation relation = full_relation(without_recording(recorded), recorded);
  const Outcome run = trial.run(recorded);
  if (const std::optional<int32_t> call = forbidden_write(trial, recorded, run); call && ended(run, *call))
    return judge_forbidden_write(trial, *call, recorded, run);
  std::optional<Outcome> left;  // the trial has the direct run
  if (!relation.left.empty()) left = trial.run(relation.left);
  Verdict verdict = judge(trial, relation, left ? *left : trial.direct(), run);
  if (verdict.judgement == Judgement::differ && may_write_one_of_several(trial, run))
    return incomparable(std::move(verdict), "one of several views that a call returned may not be written");
  if (verdict.judgement != Judgement::agree) return verdict;
  if (has_layer(recorded, LayerKind::no_grad) || has_layer(recorded, LayerKind::inference))
    return recorded_past_a_cut(trial, run, verdict, true).value_or(verdict);
  if (!run.backward) return verdict;
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
  if (found->judgement != Judgement::agree || !has_second(trial)) return *found;
  verdict.right = {recording, {LayerKind::second}};
  const std::optional<Verdict> second = judge_second_gradients(trial, verdict);
  return second && second->judgement == Judgement::differ ? *second : *found;
}

}  // namespace oracles
