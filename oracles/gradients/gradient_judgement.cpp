#include "oracles/gradients/gradient_judgement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/derivative.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

// Which results have a weight. An operator may declare a result as not differentiable; it then returns others
// that are, or is the library's, whose declarations a subject may not see.
Counts counted(Trial& trial, const Outcome& wide) {
  std::vector<std::vector<bool>> requires_grad;
  for (const CallOutcome& call : wide.calls) {
    std::vector<bool>& results = requires_grad.emplace_back();
    for (const TensorSnapshot* tensor : tensor_results(call)) results.push_back(tensor->requires_grad);
    const corpora::Operator& op = *trial.operators()[requires_grad.size() - 1];
    const bool may_declare =
        op.by_author ? std::ranges::count(results, true) > 0 : !trial.subject().facts(op.name).has_value();
    if (!may_declare) results.assign(results.size(), true);
  }
  return [requires_grad](size_t call, size_t result) { return requires_grad[call][result]; };
}

// How a program is differentiated: in which format, and where.
struct Numeric {
  double epsilon = std::numeric_limits<double>::epsilon();
  bool widens = true;
  size_t direction = 0;
  double width = 0;
};

struct Measured {
  const Numeric& numeric;
  const WideProgram& program;
};

Verdict judge_pass(Trial& trial, size_t calls, const Projected& found,
                   const std::optional<Derivative>& derivative, const Measured& at, Verdict verdict) {
  // At a smooth point the gradient is finite, unless an input is infinite. Finite differences show whether
  // the point is smooth only if a step changes the inputs.
  const double rounding = at.program.rounding(at.numeric.width);
  const bool steps_change_inputs = at.program.is_finite() && rounding < 1;
  if (!derivative || !(found.finite || steps_change_inputs))
    return incomparable(std::move(verdict), "the results or the gradients are not finite near this point");
  const double size = found.finite ? found.size : derivative->size;
  const double bound = derivative->error + (1e-10 + rounding) * size;
  // A pole may be nearer than any step: slopes are then much larger than values.
  constexpr double steepest = 0x1p16;
  const bool steep = size > steepest * (1 + derivative->size);
  const double scale = std::max(size, std::fabs(derivative->slope));
  if (steep || !std::isfinite(bound) || (bound > 1e-3 * scale && scale > 0))
    return incomparable(std::move(verdict), "the program is not smooth, or too steep, at this point");
  const double difference = std::fabs(found.slope - derivative->slope);
  verdict.judgement = Judgement::agree;
  verdict.worst_share = found.finite && bound > 0 ? difference / bound : 0;
  if (difference <= bound) return verdict;
  verdict = wrong_gradient(trial, calls - 1, {Part::gradient}, side_showing(Element::of(derivative->slope)),
                           side_showing(Element::of(found.slope)), std::move(verdict));
  verdict.divergence.difference = difference;
  verdict.divergence.bound = bound;
  verdict.divergence.bound_reason = at.numeric.widens
                                        ? "error of finite differences in f64: truncation, kinks and rounding"
                                        : "error of finite differences: truncation, kinks and rounding";
  return verdict;
}

// Compares the gradients of the first `calls` calls with their derivative along one direction. Nothing if the
// program does not return gradients in this format.
std::optional<Verdict> judge_along(Trial& trial, size_t calls, const Numeric& numeric, Verdict verdict) {
  const corpora::Path& recorded = verdict.right;
  WideProgram program(trial, calls, numeric.direction, recorded, numeric.epsilon, numeric.widens);
  const Outcome wide = program.run_at(0, recorded);
  if (!wide.backward || wide.backward->status != Status::returned) return std::nullopt;
  const size_t storages = trial.test_case().storages.size();
  for (size_t s = 0; s < storages && s < wide.backward->gradients.size(); ++s)
    if (wide.backward->gradients[s].opaque) program.hold(s);
  program.count(counted(trial, wide));
  const std::optional<Derivative> derivative = derivative_of(program, numeric.width);
  Verdict found = verdict;
  for (const Projected& pass : projected(*wide.backward, program.direction())) {
    found = judge_pass(trial, calls, pass, derivative, {numeric, program}, verdict);
    if (found.judgement != Judgement::agree) break;
  }
  return found;
}

// The relative rounding error of the program in f64: of f64, or of the format that a called operator computes
// in by its declared accuracy.
double epsilon_of(Trial& trial) {
  double largest = std::numeric_limits<double>::epsilon();
  for (const corpora::Operator* op : trial.operators())
    for (const engine::DTypeClass of : {engine::DTypeClass::real, engine::DTypeClass::complex})
      if (const auto format = trial.subject().accuracy(op->name, of, {}).computed_in)
        largest = std::max(largest, 2 * unit_roundoff(*format));
  return largest;
}

// Jumps of several kinks may cancel along one direction, but hardly along three. A sawtooth may have a period
// smaller than one step, but hardly smaller than a thousandth of it.
std::optional<Verdict> judge_wide(Trial& trial, size_t calls, const Verdict& verdict, bool widens) {
  const double epsilon = widens ? epsilon_of(trial) : 0x1p-23;
  const bool narrow = epsilon > std::numeric_limits<double>::epsilon();
  const std::array<double, 3> widths =
      narrow ? std::array{0x1p-3, 0x1p-4, 0x1p-5} : std::array{0x1p-10, 0x1p-15, 0x1p-20};
  std::optional<Verdict> found;
  for (size_t n = 0; n < widths.size(); ++n) {
    found = judge_along(trial, calls, {epsilon, widens, n, widths[n]}, verdict);
    if (!found) return std::nullopt;
    if (found->judgement == Judgement::differ) continue;
    return n == 0 ? found
                  : incomparable(std::move(*found), "the program is not smooth, or too steep, at this point");
  }
  if (WideProgram(trial, calls, 0, verdict.right, epsilon, widens).passes_zero(widths.back()))
    return incomparable(std::move(*found), "a pole at 0 may be nearer than any step");
  return found;
}

}  // namespace

Verdict wrong_gradient(const Trial& trial, size_t call, Place place, Side left, Side right, Verdict verdict) {
  Divergence d = divergence_of(Kind::gradient, std::move(place), std::move(left), std::move(right));
  d.tier = Tier::t4;
  return differs(trial, call, std::move(d), std::move(verdict));
}

bool has_dtype(const Trial& trial, std::initializer_list<engine::DType> dtypes) {
  return std::ranges::any_of(trial.test_case().storages, [&](const corpora::Storage& storage) {
    return std::ranges::find(dtypes, storage.dtype) != dtypes.end();
  });
}

std::optional<Verdict> judge_gradients(Trial& trial, size_t calls, const Verdict& verdict) {
  if (auto found = judge_wide(trial, calls, verdict, true)) return found;
  if (!has_dtype(trial, {engine::DType::f32, engine::DType::c64}) || has_dtype(trial, half_dtypes))
    return std::nullopt;
  return judge_wide(trial, calls, verdict, false);
}

}  // namespace oracles
