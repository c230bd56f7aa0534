#include "oracles/gradients/gradient_judgement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "oracles/compare/element.h"
#include "oracles/gap_reporter.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/derivative.h"
#include "oracles/gradients/incoming_draw.h"
#include "oracles/gradients/symmetry.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

// Which results have a weight. An operator whose declarations the subject does not know may declare a result
// as not differentiable if it returns others that are.
Counts counted(Trial& trial, const Outcome& wide, const corpora::Path& recorded) {
  std::vector<std::vector<bool>> requires_grad;
  for (const CallOutcome& call : wide.calls) {
    std::vector<bool>& results = requires_grad.emplace_back();
    for (const TensorSnapshot* tensor : tensor_results(call)) results.push_back(tensor->requires_grad);
    const corpora::Operator& op = *trial.operators()[requires_grad.size() - 1];
    if (trial.subject().facts(op.name) || std::ranges::count(results, true) == 0)
      results.assign(results.size(), true);
  }
  const auto drawn = std::ranges::find(recorded, LayerKind::incoming, &corpora::Layer::kind);
  const int32_t draw = drawn == recorded.end() ? -1 : drawn->storage;
  return [requires_grad, draw](size_t call, size_t result) {
    return requires_grad[call][result] && (draw < 0 || incoming_draw(draw, call, result).defined);
  };
}

// How a program is differentiated: in which format, and where.
struct Numeric {
  double epsilon = std::numeric_limits<double>::epsilon();
  bool widens = true;
  size_t direction = 0;
  double width = 0;
  bool second = false;                                   // the derivative of gradients
  std::optional<size_t> symmetric_input = std::nullopt;  // whose matrices stay symmetric along the direction
  bool beside = false;                                   // at a point near that of the case
  std::optional<TangentDraw> tangents = std::nullopt;    // of forward mode
};

// The path along which the derivatives are computed.
corpora::Path differentiating_path(const Numeric& numeric, const corpora::Path& recorded) {
  if (numeric.second) return {{LayerKind::grad}, {LayerKind::second}};
  if (!numeric.tangents) return recorded;
  TangentDraw draw = *numeric.tangents;
  draw.direction = static_cast<int32_t>(numeric.direction);
  draw.symmetric = numeric.symmetric_input.has_value();
  return {{LayerKind::dual, draw.number()}};
}

// The results of forward mode that have a weight, by the same rule.
Counts counted_in_forward(Trial& trial, const Outcome& wide) {
  std::vector<std::vector<bool>> has_tangent;
  size_t at = 0;
  for (const CallOutcome& call : wide.calls) {
    std::vector<bool>& results = has_tangent.emplace_back();
    for (size_t k = 0; k < tensor_results(call).size(); ++k, ++at)
      results.push_back(at < wide.backward->gradients.size() && wide.backward->gradients[at].defined);
    const corpora::Operator& op = *trial.operators()[has_tangent.size() - 1];
    if (trial.subject().facts(op.name) || std::ranges::count(results, true) == 0)
      results.assign(results.size(), true);
  }
  return [has_tangent](size_t call, size_t result) { return has_tangent[call][result]; };
}

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
  constexpr double tiny = 1e-14;  // products may vanish on one side, and terms near 1 may cancel
  const double bound = derivative->error + (1e-10 + rounding) * size + tiny;
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

bool returns_infinity(const Outcome& outcome) {
  return std::ranges::any_of(outcome.calls, [](const CallOutcome& call) {
    return std::ranges::any_of(tensor_results(call), [](const TensorSnapshot* result) {
      return std::ranges::any_of(numbers_of(*result), [](double number) { return !std::isfinite(number); });
    });
  });
}

// Compares the gradients of the first `calls` calls with their derivative along one direction. Nothing if the
// program does not return gradients in this format.
std::optional<Verdict> judge_along(Trial& trial, size_t calls, const Numeric& numeric, Verdict verdict) {
  const corpora::Path recorded = differentiating_path(numeric, verdict.right);
  WideProgram program(trial, calls, numeric.direction, recorded, numeric.epsilon, numeric.widens);
  if (numeric.beside) program.move_point();
  const Outcome wide = program.run_at(0, recorded);
  if (!wide.backward || wide.backward->status != Status::returned) return std::nullopt;
  if (numeric.tangents) {
    program.direction() = tangents_of(trial.test_case(), TangentDraw::of(recorded.front().storage));
    program.count(counted_in_forward(trial, wide));
  } else {
    const size_t storages = trial.test_case().storages.size();
    for (size_t s = 0; s < storages && s < wide.backward->gradients.size(); ++s)
      if (wide.backward->gradients[s].opaque) program.hold(s);
    if (numeric.symmetric_input) symmetrise(trial.test_case(), *numeric.symmetric_input, program.direction());
    program.count(counted(trial, wide, recorded));
  }
  if (numeric.second) program.differentiate_gradients();
  const corpora::Path measured = numeric.second ? corpora::Path{{LayerKind::grad}} : verdict.left;
  const std::optional<Derivative> derivative = derivative_of(program, numeric.width, measured);
  Verdict found = verdict;
  const std::vector<Projected> passes = numeric.tangents ? std::vector{forward_slope(trial, wide)}
                                                         : projected(*wide.backward, program.direction());
  for (const Projected& pass : passes) {
    if (!pass.finite && returns_infinity(wide))
      return incomparable(std::move(found),
                          "a call returned an infinity or NaN, so that the chain rule has no value");
    found = judge_pass(trial, calls, pass, derivative, {numeric, program}, verdict);
    if (found.judgement != Judgement::agree) break;
  }
  if (found.judgement == Judgement::differ && !slopes_add_up(program, numeric.width, measured))
    return incomparable(std::move(found), "slopes along parts of a direction do not add up");
  return found;
}

// Whether moving one triangle of the input's matrices changes no result.
bool reads_one_triangle(Trial& trial, size_t calls, const Numeric& numeric, size_t input) {
  return std::ranges::any_of(std::array{Triangle::lower, Triangle::upper}, [&](Triangle triangle) {
    WideProgram program(trial, calls, 0, {}, numeric.epsilon, numeric.widens);
    keep_triangle(trial.test_case(), input, triangle, program.direction());
    const Outcome here = program.run_at(0, {});
    const Outcome there = program.run_at(numeric.width, {});
    return here.returned() && there.returned() && program.terms(here) == program.terms(there);
  });
}

// Whether a call reads a result of an earlier call that may be a symmetric matrix.
bool passes_a_matrix_on(Trial& trial, size_t calls) {
  return calls > 1 && std::ranges::any_of(trial.uses(), [&](const TensorUse& use) {
           if (use.tensor.is_input() || static_cast<size_t>(use.call) >= calls) return false;
           const TensorSnapshot* matrix =
               tensor_result(trial.direct().calls[static_cast<size_t>(use.tensor.call)], use.tensor.index);
           const size_t rank = matrix ? matrix->sizes.size() : 0;
           return rank >= 2 && matrix->sizes[rank - 1] == matrix->sizes[rank - 2] &&
                  (matrix->sizes[rank - 1] > 1 || engine::is_complex(matrix->dtype));
         });
}

bool agrees_for_symmetric_matrices(Trial& trial, size_t calls, Numeric numeric, const Verdict& verdict) {
  for (size_t input = 0; input < trial.test_case().inputs.size(); ++input) {
    if (!has_square_matrices(trial.test_case(), input)) continue;
    numeric.symmetric_input = input;
    if (!reads_one_triangle(trial, calls, numeric, input)) continue;
    const auto found = judge_along(trial, calls, numeric, verdict);
    if (found && found->judgement == Judgement::agree) return true;
  }
  return false;
}

// Whether an author's operator has a wrong, but finite, gradient at this point alone. It may call operators
// of the library that have a kink there, such as the modulus of 0 whose square is smooth.
bool agrees_beside(Trial& trial, size_t calls, Numeric numeric, const Verdict& found) {
  const bool by_author =
      std::any_of(trial.operators().begin(), trial.operators().begin() + static_cast<std::ptrdiff_t>(calls),
                  [](const corpora::Operator* op) { return op->by_author; });
  if (!by_author || !std::isfinite(found.divergence.difference)) return false;
  numeric.beside = true;
  const auto beside = judge_along(trial, calls, numeric, found);
  return beside && beside->judgement == Judgement::agree;
}

// The relative rounding error of the program: of f64, or of the format that a called operator computes in by
// its declared accuracy or that one of its results has.
double epsilon_of(Trial& trial, size_t calls, bool widens) {
  double largest = widens ? std::numeric_limits<double>::epsilon() : 0x1p-23;
  const Outcome wide = WideProgram(trial, calls, 0, {}, largest, widens).run_at(0, {});
  for (const CallOutcome& call : wide.calls)
    for (const TensorSnapshot* result : tensor_results(call))
      if (is_differentiable(result->dtype)) largest = std::max(largest, 2 * unit_roundoff(result->dtype));
  for (const corpora::Operator* op : trial.operators())
    for (const engine::DTypeClass of : {engine::DTypeClass::real, engine::DTypeClass::complex})
      if (const auto format = trial.subject().accuracy(op->name, of, {}).computed_in)
        largest = std::max(largest, 2 * unit_roundoff(*format));
  return largest;
}

// Jumps of several kinks may cancel along one direction, but hardly along three. A sawtooth may have a period
// smaller than one step, but hardly smaller than a thousandth of it.
std::optional<Verdict> judge_wide(Trial& trial, size_t calls, const Verdict& verdict, bool widens,
                                  bool second = false,
                                  const std::optional<TangentDraw>& tangents = std::nullopt) {
  const double epsilon = epsilon_of(trial, calls, widens);
  const bool narrow = epsilon > std::numeric_limits<double>::epsilon();
  const std::array<double, 3> widths =
      narrow ? std::array{0x1p-3, 0x1p-4, 0x1p-5} : std::array{0x1p-10, 0x1p-15, 0x1p-20};
  if (epsilon > 0x1p-20)
    return incomparable(verdict, "results are rounded too coarsely for finite differences");
  std::optional<Verdict> found;
  for (size_t n = 0; n < widths.size(); ++n) {
    found = judge_along(trial, calls, {epsilon, widens, n, widths[n], second, {}, false, tangents}, verdict);
    if (!found) return std::nullopt;
    if (found->judgement == Judgement::differ) continue;
    return n == 0 ? found
                  : incomparable(std::move(*found), "the program is not smooth, or too steep, at this point");
  }
  const Numeric coarse{epsilon, widens, 0, widths[0], second, {}, false, tangents};
  const Numeric fine{epsilon, widens, 0, widths[1], second, {}, false, tangents};
  if (agrees_for_symmetric_matrices(trial, calls, coarse, verdict))
    return incomparable(std::move(*found), "the program reads one triangle of a symmetric matrix");
  if (agrees_beside(trial, calls, fine, *found))
    return incomparable(std::move(*found), "the gradient agrees beside this point");
  if (passes_a_matrix_on(trial, calls))
    return incomparable(std::move(*found), "a call may read one triangle of a symmetric matrix");
  if (WideProgram(trial, calls, 0, verdict.right, epsilon, widens).passes_zero(widths.back()))
    return incomparable(std::move(*found), "a pole at 0 may be nearer than any step");
  return found;
}

}  // namespace

bool has_no_formula(Trial& trial) {
  return std::ranges::any_of(trial.operators(), [&](const corpora::Operator* op) {
    const std::vector<OperatorGap> gaps =
        op->by_author ? gaps_of(trial.subject(), op->name) : std::vector<OperatorGap>();
    return std::ranges::count(gaps, Gap::autograd_formula, &OperatorGap::what) > 0;
  });
}

Projected forward_slope(Trial& trial, const Outcome& wide) {
  const Counts counts = counted_in_forward(trial, wide);
  Projected slope;
  size_t at = 0;
  for (size_t call = 0; call < wide.calls.size(); ++call) {
    const std::vector<const TensorSnapshot*> results = tensor_results(wide.calls[call]);
    for (size_t k = 0; k < results.size() && at < wide.backward->gradients.size(); ++k, ++at) {
      const std::vector<double> tangent = numbers_of(wide.backward->gradients[at]);
      const std::vector<double> weights = cotangent(call, k, numbers_of(*results[k]).size());
      if (!counts(call, k) || tangent.size() != weights.size()) continue;
      for (size_t i = 0; i < tangent.size(); ++i) {
        slope.slope += weights[i] * tangent[i];
        slope.size += std::fabs(weights[i] * tangent[i]);
      }
    }
  }
  slope.finite = std::isfinite(slope.slope);
  return slope;
}

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

std::optional<Verdict> judge_tangents(Trial& trial, const TangentDraw& draw, const Verdict& verdict) {
  return judge_wide(trial, trial.test_case().calls.size(), verdict, /*widens=*/true, /*second=*/false, draw);
}

std::optional<Verdict> judge_second_gradients(Trial& trial, const Verdict& verdict) {
  return judge_wide(trial, trial.test_case().calls.size(), verdict, /*widens=*/true, /*second=*/true);
}

}  // namespace oracles
