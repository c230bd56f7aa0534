// autograd: the direct run and a recorded one agree in everything, bit for bit; and what running backwards
// gives is the derivative. That is asked in f64, where differences tell it to many digits, along one
// direction through all storages at once. The gradients of a narrower program are run, and not judged. Where
// a storage is a leaf, a call that writes it must raise; and where its views were made while nothing was
// recorded, a recorded call that does.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/error.h"
#include "oracles/checks.h"
#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/derivative.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/dressing.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/storage_layers.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

constexpr corpora::Layer recording{LayerKind::grad};

// Cuts the gradient by contract.
bool cuts(const corpora::Operator* op) { return op->name == "aten::detach"; }

// What one storage is beside being recorded, if anything: seen through lazy bits, a constant among others, a
// leaf, or viewed while nothing is recorded.
std::optional<LayerKind> beside_recording(const Trial& trial, size_t s, corpora::ChoiceSource& choices) {
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
      if (!differentiable(dtype) || std::ranges::any_of(trial.operators(), cuts)) return std::nullopt;
      return storages.size() > 1 && choices.chance(1, 2) ? LayerKind::unrecorded : LayerKind::leaf;
    default:
      return std::nullopt;
  }
}

// Recorded; one case of eight under two modes that pass calls through interpreters.
corpora::Path recorded_path(const Trial& trial) {
  if (is_asked(trial, LayerKind::grad)) return trial.asked_path();
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::grad));
  const size_t storages = trial.test_case().storages.size();
  if (choices.chance(1, 8)) return {{LayerKind::python}, recording};
  if (storages == 0) return {recording};
  const size_t s = choices.below(storages);
  const std::optional<LayerKind> beside = beside_recording(trial, s, choices);
  return beside ? corpora::Path{{*beside, static_cast<int32_t>(s)}, recording} : corpora::Path{recording};
}

corpora::Path without_recording(corpora::Path path) {
  std::erase_if(path, [](const corpora::Layer& layer) {
    return layer.kind == LayerKind::grad || layer.row().needs == LayerKind::grad;
  });
  return path;
}

const Exclusions& without_derivative() {
  static const Exclusions list{
      {"aten::as_strided", "may show memory that its argument does not, and no gradient goes there"},
      {"aten::resize_", "is refused where it would be recorded"},
      {"aten::empty*", "returns uninitialised memory by contract"},
  };
  return list;
}

// Of a division by something small.
const Exclusions& saws() {
  static const Exclusions list{
      {"aten::remainder*.Tensor", "is a saw whose teeth may be finer than any step"}};
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

// Empty when there is something to judge.
std::string_view nothing_to_judge(Trial& trial) {
  constexpr int64_t largest = 4096;
  bool any_differentiable = false;
  for (const corpora::Storage& storage : trial.test_case().storages) {
    any_differentiable = any_differentiable || differentiable(storage.dtype);
    if (storage.elements > largest) return "so many elements that differences drown in rounding";
  }
  if (!any_differentiable) return "no real or complex input";
  if (const std::string_view why = without_derivative().reason(trial.operators()); !why.empty()) return why;
  if (const std::string_view why = saws().reason(trial.operators()); !why.empty() && has_small_numbers(trial))
    return why;
  if (random_operator(trial.operators())) return "draws from a generator";
  for (const corpora::Operator* op : trial.operators())
    for (const engine::Argument& argument : op->schema.arguments)
      if (argument.is_out()) return "an out= form takes no part in autograd";
  return {};
}

Verdict differs(Verdict verdict, Divergence divergence) {
  divergence.kind = Kind::gradient;
  divergence.tier = Tier::t4;
  verdict.judgement = Judgement::differ;
  verdict.divergence = std::move(divergence);
  return verdict;
}

// What a call saved, another one behind it may write; what it writes itself is no excuse.
bool writes_behind_another(const Trial& trial) {
  const auto& operators = trial.operators();
  return std::any_of(operators.begin() + 1, operators.end(), [](const corpora::Operator* op) {
    return std::any_of(op->schema.arguments.begin(), op->schema.arguments.end(), declares_write);
  });
}

// Whether a tensor that the call takes requires a gradient in the recorded run.
bool is_recorded(Trial& trial, int32_t call, const LayersByStorage& layers, const Outcome& recorded) {
  return std::ranges::any_of(trial.uses(), [&](const TensorUse& use) {
    if (use.call != call) return false;
    if (!use.tensor.is_input()) {
      const CallOutcome& earlier = recorded.calls[static_cast<size_t>(use.tensor.call)];
      const TensorSnapshot* tensor = tensor_result(earlier, use.tensor.index);
      return tensor && tensor->requires_grad;
    }
    const auto s = static_cast<size_t>(use.storage);
    return differentiable(trial.test_case().storages[s].dtype) && !layers[s].has(LayerKind::constant);
  });
}

// The first call that writes a leaf, or a view of one; or, where it is recorded, a view that was made while
// nothing was.
std::optional<int32_t> forbidden_write(Trial& trial, const corpora::Path& path, const Outcome& recorded) {
  const LayersByStorage layers = layers_by_storage(trial.test_case(), path);
  for (const TensorUse& use : trial.uses()) {
    const auto s = static_cast<size_t>(use.storage);
    if (!use.written || s >= layers.size() || static_cast<size_t>(use.call) >= recorded.calls.size())
      continue;
    if (layers[s].has(LayerKind::leaf)) return use.call;
    if (!layers[s].has(LayerKind::unrecorded)) continue;
    // What an earlier call wrote in place may have come to require one, which no snapshot shows.
    const bool raised = recorded.calls[static_cast<size_t>(use.call)].status == Status::raised;
    if (raised || is_recorded(trial, use.call, layers, recorded)) return use.call;
  }
  return std::nullopt;
}

// Not for want of memory or of a kernel.
bool ended(const Outcome& run, int32_t call) {
  const Status status = run.calls[static_cast<size_t>(call)].status;
  return status == Status::returned || status == Status::raised;
}

Verdict judge_forbidden_write(Trial& trial, int32_t call, const corpora::Path& path,
                              const Outcome& recorded) {
  Verdict verdict;
  verdict.right = path;
  verdict.reach = static_cast<uint8_t>(recorded.reach);
  if (recorded.calls[static_cast<size_t>(call)].status == Status::raised) {
    verdict.judgement = trial.direct().returned() ? Judgement::agree : Judgement::both_raised;
    return verdict;
  }
  Divergence d;
  d.call = call;
  d.op = trial.operators()[static_cast<size_t>(call)]->name;
  d.place = {Part::forbidden};
  d.left = side_that(End::must_raise);
  d.right = side_of(recorded.calls[static_cast<size_t>(call)]);
  return differs(std::move(verdict), std::move(d));
}

std::optional<Divergence> recorded_past_a_cut(Trial& trial, const Outcome& recorded) {
  for (size_t i = 0; i < recorded.calls.size(); ++i) {
    if (!cuts(trial.operators()[i])) continue;
    const auto tensors = tensor_results(recorded.calls[i]);
    for (size_t result = 0; result < tensors.size(); ++result) {
      if (!tensors[result]->requires_grad) continue;
      Divergence d;
      d.call = static_cast<int>(i);
      d.op = trial.operators()[i]->name;
      d.place = {Part::result, static_cast<int32_t>(result)};
      d.left = side_showing(RequiresGrad{false});
      d.right = side_showing(RequiresGrad{true});
      return d;
    }
  }
  return std::nullopt;
}

// Running backwards ended without gradients.
Verdict without_gradients(Trial& trial, Verdict verdict, const BackwardOutcome& backward) {
  if (backward.status == Status::not_implemented) return gap(backward.message);
  if (backward.status == Status::over_memory) {
    verdict.judgement = Judgement::over_budget;
    verdict.why = backward.message;
    return verdict;
  }
  if (backward.error_class == name_of(engine::ErrorKind::runtime) && writes_behind_another(trial))
    return incomparable(std::move(verdict), "a saved tensor may have been written since");
  Divergence d;
  d.call = static_cast<int>(trial.test_case().calls.size()) - 1;
  d.op = trial.last_operator().name;
  d.place = {Part::backward};
  d.right = side_that(End::raised, backward.message);
  d.right.error_class = backward.error_class;
  return differs(std::move(verdict), std::move(d));
}

// The derivative of the first `calls` calls against their gradients, in f64.
Verdict judge_along(Trial& trial, size_t calls, size_t direction, double width, Verdict verdict) {
  const corpora::Path& recorded = verdict.right;
  WideProgram program(trial, calls, direction, recorded);
  const Outcome wide = program.run_at(0, recorded);
  if (!wide.backward || wide.backward->status != Status::returned)
    return incomparable(std::move(verdict), "the program in f64 ends otherwise");
  const Projected found = projected(*wide.backward, program.direction());
  const std::optional<Derivative> derivative = derivative_of(program, width);
  // Where values are smooth a gradient is a number, but at infinities; and beside numbers so large that a
  // step moves none of them nobody knows what is smooth.
  const bool steps_tell = program.is_at_numbers() && program.rounding(width) < 1;
  if (!derivative || !(found.finite || steps_tell))
    return incomparable(std::move(verdict), "not finite near this point");
  const double size = found.finite ? found.size : derivative->size;
  const double bound = derivative->error + (1e-10 + program.rounding(width)) * size;
  // A pole may be nearer than any step: then slopes are out of all proportion to values.
  constexpr double steepest = 0x1p16;
  const bool steep = size > steepest * (1 + derivative->size);
  const double scale = std::max(size, std::fabs(derivative->slope));
  if (steep || !std::isfinite(bound) || (bound > 1e-3 * scale && scale > 0))
    return incomparable(std::move(verdict), "not smooth, or too steep, at this point");
  const double difference = std::fabs(found.slope - derivative->slope);
  verdict.judgement = Judgement::agree;
  verdict.worst_share = found.finite && bound > 0 ? difference / bound : 0;
  if (difference <= bound) return verdict;
  Divergence d;
  d.call = static_cast<int>(calls) - 1;
  d.op = trial.test_case().calls[calls - 1].op;
  d.place = {Part::gradient};
  d.left = side_showing(Element::of(derivative->slope));
  d.right = side_showing(Element::of(found.slope));
  d.difference = difference;
  d.bound = bound;
  d.bound_reason = "what two widths of differences in f64, a kink and rounding may make";
  return differs(std::move(verdict), std::move(d));
}

// Jumps of several kinks may cancel along one direction, and do not along three; the teeth of a saw may be
// finer than one step, and are not finer than steps that are a thousandth of it.
Verdict judge_wide(Trial& trial, size_t calls, const Verdict& verdict) {
  constexpr std::array<double, 3> widths{0x1p-10, 0x1p-15, 0x1p-20};
  Verdict found;
  for (size_t n = 0; n < widths.size(); ++n) {
    found = judge_along(trial, calls, n, widths[n], verdict);
    if (found.judgement == Judgement::differ) continue;
    return n == 0 ? found : incomparable(std::move(found), "not smooth, or too steep, at this point");
  }
  if (WideProgram(trial, calls, 0, verdict.right).passes_zero(widths.back()))
    return incomparable(std::move(found), "a pole at 0 may be nearer than any step");
  return found;
}

}  // namespace

Verdict check_autograd(Trial& trial) {
  const corpora::Path recorded = recorded_path(trial);
  if (const std::string why = trial.subject().refuses(trial.test_case(), recorded); !why.empty())
    return refused(why);
  if (const std::string_view why = nothing_to_judge(trial); !why.empty()) return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  Relation relation;
  relation.right = recorded;
  relation.left = without_recording(recorded);
  relation.rules.bits = relation.rules.version = true;
  relation.undeclared_aliases = true;
  const Outcome run = trial.run(recorded);
  if (const std::optional<int32_t> call = forbidden_write(trial, recorded, run); call && ended(run, *call))
    return judge_forbidden_write(trial, *call, recorded, run);
  const std::optional<Outcome> dressed =
      relation.left.empty() ? std::nullopt : std::optional<Outcome>(trial.run(relation.left));
  Verdict verdict = judge(trial, relation, dressed ? *dressed : trial.direct(), run);
  if (verdict.judgement != Judgement::agree || !run.backward) return verdict;
  if (auto divergence = recorded_past_a_cut(trial, run))
    return differs(std::move(verdict), *std::move(divergence));
  if (std::any_of(trial.operators().begin(), trial.operators().end(), cuts)) return verdict;
  if (run.backward->status != Status::returned)
    return without_gradients(trial, std::move(verdict), *run.backward);
  const size_t calls = trial.test_case().calls.size();
  verdict = judge_wide(trial, calls, verdict);
  // The first call from which on it differs names the operator.
  if (verdict.judgement == Judgement::differ)
    for (size_t some = 1; some < calls; ++some)
      if (Verdict earlier = judge_wide(trial, some, verdict); earlier.judgement == Judgement::differ)
        return earlier;
  return verdict;
}

}  // namespace oracles
