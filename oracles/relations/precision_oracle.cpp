// precision: the call in its own dtype (left) and the same call on f64 copies of its inputs (right) agree
// within the operator's accuracy. An element beyond the bound is a divergence unless the exact result is
// sensitive there: unless changing the inputs by one unit in the last place of their dtype changes the result
// as much. So conditioning, discontinuities (rounding, sorting of near ties) and domains' edges are found by
// experiment. Calls whose inputs are all f64 are checked by full_precision.h.
#include <algorithm>
#include <cmath>
#include <limits>

#include "corpora/case/text.h"
#include "oracles/compare/comparator.h"
#include "oracles/compare/element.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/forms.h"
#include "oracles/relations/full_precision.h"
#include "oracles/relations/wide_pairs.h"
#include "oracles/trial/call_tolerance.h"
#include "oracles/trial/conditioning.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/overlap.h"
#include "oracles/trial/verdicts.h"
#include "oracles/trial/widened.h"

namespace oracles {

namespace {

using corpora::LayerKind;
using engine::DType;

const Exclusions& about_the_format() {
  static const Exclusions list = Exclusions::beside_uninitialised({
      {"aten::set*", "replaces memory"},
      {"aten::*unique*", "returns its values in an order that is not specified"},
      {"aten::nextafter*", "returns a neighbour in the dtype"},
      {"aten::view.dtype", "reads memory as another dtype"},
      {"aten::view_copy.dtype*", "reads memory as another dtype"},
  });
  return list;
}

constexpr int perturbed_runs = 4;
// How many times the effect of one unit in the last place of the inputs is the result's own error.
constexpr double condition = 16;
// An author's formula is unknown: numbers on its way may cancel, as x - mean(x) does, however well the inputs
// determine the result. What this check is for, sums and formulas in a narrower dtype, is off by much more.
constexpr double unknown_formula = 8;

// One component of one element that is beyond its bound.
struct Excess {
  size_t pair = 0;
  size_t component = 0;  // counted through the tensor
  double left = 0, right = 0, bound = 0;
  double effect = 0;  // of the perturbations on `right`

  bool finite() const { return std::isfinite(left) && std::isfinite(right); }
  bool explained() const {
    if (!finite()) return std::isinf(effect);
    return !(std::fabs(left - right) > bound + condition * effect);
  }
};

// Whether rounding to a dtype, or an error within the bound, makes an infinity of the finite number.
// Intermediate results of such a number may be NaN, too.
bool may_overflow(double largest, double left, double right, double bound) {
  return !std::isfinite(left) && std::isfinite(right) && std::fabs(right) + bound >= largest;
}

// The largest number of each dtype: a limit that the operator looks up.
bool are_largest(DType dtype, double left, double right) {
  return std::fabs(left) == largest_of(dtype) && std::fabs(right) == largest_of(DType::f64) &&
         std::signbit(left) == std::signbit(right);
}

// A NaN of one side that is an infinity of the other is a matter of rounding: 0/0 and 1e-9/0.
bool same_class(double left, double right) {
  if (std::isinf(left) && std::isinf(right)) return left == right;
  return std::isfinite(left) == std::isfinite(right);
}

// Vector loops may flush results that are hardly larger than a subnormal number.
bool is_flushed(DType dtype, double left, double right) {
  const double smallest_normal = std::ldexp(ulp_at(dtype, 0), precision_of(dtype) - 1);
  return std::max(std::fabs(left), std::fabs(right)) <= 2 * smallest_normal;
}

class PrecisionJudge {
 public:
  PrecisionJudge(Trial& trial, const corpora::Case& wide) : trial_(trial), wide_(wide) {
    verdict_.right = {{LayerKind::form, rewriting::wide}};
    for (const corpora::Storage& storage : trial.test_case().storages) note_dtype(storage.dtype);
    for (const corpora::Call& call : trial.test_case().calls)
      for (const corpora::Value& value : call.arguments)
        if (value.kind == corpora::ValueKind::dtype) note_dtype(value.dtype);
  }

  Verdict judge() {
    const Outcome& left = trial_.direct();
    right_ = trial_.run(wide_, {}, verdict_.right);
    for (size_t i = 0; i < left.calls.size(); ++i) {
      if (i >= right_.calls.size() || right_.calls[i].status != Status::returned)
        return incomparable(std::move(verdict_), "the operator does not accept the same inputs in f64");
      const WidePairs pairs = wide_pairs(left.calls[i], right_.calls[i]);
      if (!pairs.why.empty()) return incomparable(std::move(verdict_), pairs.why);
      if (!pairs.equal) judge_call(i, pairs);
      if (!pairs.exact) break;  // the inputs of later calls differ
    }
    return std::move(verdict_);
  }

 private:
  void judge_call(size_t call, const WidePairs& pairs) {
    for (size_t p = 0; p < pairs.pairs.size(); ++p) {
      const DType dtype = pairs.pairs[p].left->dtype;
      const Tolerance tolerance =
          tolerance_of_call(trial_, static_cast<int>(call), dtype, trial_.direct().calls[call], {}, {});
      if (tolerance.tier == Tier::t4) {
        verdict_ = incomparable(std::move(verdict_), "values cannot be compared: " + tolerance.reason);
        return;
      }
      collect(pairs.pairs[p], p, tolerance);
      if (!excess_.empty()) return settle(call, pairs, tolerance);
    }
  }

  void note_dtype(DType dtype) {
    if (wide_dtype(dtype) && precision_of(dtype) < precision_of(narrowest_))
      narrowest_ = engine::component_of(dtype);
  }

  // Results may be computed in the narrowest dtype of the call, whatever the dtype of the result is.
  DType rounded_to(DType result) const {
    return precision_of(narrowest_) < precision_of(result) ? narrowest_ : result;
  }

  void collect(const WidePair& pair, size_t index, const Tolerance& tolerance) {
    const DType dtype = pair.left->dtype, coarse = rounded_to(dtype);
    const double largest = std::min(largest_of(dtype), largest_of(coarse));
    const double ulps = tolerance.ulps + (coarse == dtype ? 0 : 1);
    const std::vector<double> left = components_in(*pair.left), right = components_in(*pair.right);
    const auto step = static_cast<size_t>(components_of(dtype));
    for (size_t at = 0; at < left.size(); at += step) {
      double size = 0;
      bool finite = true;
      for (size_t c = at; c < at + step; ++c) {
        finite = finite && std::isfinite(left[c]) && std::isfinite(right[c]);
        for (const double x : {left[c], right[c]})
          if (std::isfinite(x)) size = std::max(size, std::fabs(x));
      }
      const double rounding = tolerance.accumulated + ulps * ulp_at(coarse, std::min(size, largest));
      const double bound = rounding * (trial_.last_operator().by_author ? unknown_formula : 1);
      if (!finite && step > 1 && !may_be_wrong(left, right, at)) continue;
      for (size_t c = at; c < at + step; ++c) {
        const double difference = std::fabs(left[c] - right[c]);
        const bool near =
            finite ? !(difference > bound) || are_largest(dtype, left[c], right[c]) ||
                         is_flushed(coarse, left[c], right[c])
                   : same_class(left[c], right[c]) || may_overflow(largest, left[c], right[c], bound);
        if (finite && bound > 0 && difference <= bound) worst_ = std::max(worst_, difference / bound);
        if (!near) excess_.push_back({index, c, left[c], right[c], bound});
      }
    }
    verdict_.worst_share = std::max(verdict_.worst_share, worst_);
  }

  // The infinities and NaNs of a complex number depend on the formula: only one side may be finite.
  static bool may_be_wrong(const std::vector<double>& left, const std::vector<double>& right, size_t at) {
    const auto finite = [at](const std::vector<double>& x) {
      return std::isfinite(x[at]) && std::isfinite(x[at + 1]);
    };
    return finite(left) != finite(right);
  }

  void settle(size_t call, const WidePairs& pairs, const Tolerance& tolerance) {
    const DType dtype = pairs.pairs[excess_.front().pair].left->dtype;
    if (differs_up_to(call, trial_.direct(), trial_.direct_other_pattern()) ||
        differs_up_to(call, right_, trial_.run(wide_, {{LayerKind::pattern}}, verdict_.right))) {
      verdict_ = incomparable(std::move(verdict_), "the call reads uninitialised memory");
    } else if (std::isinf(tolerance.accumulated)) {
      verdict_ = incomparable(std::move(verdict_), "the sum has too many terms for its dtype");
    } else if (near_the_end() || (!excess_.front().finite() && overflows_in_any_order(dtype, tolerance))) {
      verdict_ =
          incomparable(std::move(verdict_), "an intermediate result may exceed the range of the dtype");
    } else if (largest_integer() > std::ldexp(1, precision_of(narrowest_))) {
      verdict_ = incomparable(std::move(verdict_), "an integer has more digits than a number of the dtype");
    } else if (writes_shared_memory(trial_, static_cast<int>(call), SameView::allowed)) {
      verdict_ = incomparable(std::move(verdict_), "the call writes memory that another operand views");
    } else if (const std::string why = measure_effects(call, pairs); !why.empty()) {
      verdict_ = incomparable(std::move(verdict_), why);
    } else {
      conclude(call, pairs, tolerance);
    }
  }

  static bool differs_up_to(size_t call, const Outcome& once, const Outcome& again) {
    const Compared compared = compare(once, again, {});
    return compared.divergence && compared.call <= static_cast<int>(call);
  }

  // The half types are computed in f32.
  static bool overflows_in_any_order(DType dtype, const Tolerance& tolerance) {
    const bool half = engine::class_of(dtype) == engine::DTypeClass::half;
    return tolerance.partial_sums > largest_of(half ? DType::f32 : dtype);
  }

  // Whether an input is so large that any sum of a few numbers like it overflows.
  bool near_the_end() const {
    constexpr double few = 16;
    for (size_t s = 0; s < trial_.image().storages.size(); ++s) {
      const DType dtype = trial_.test_case().storages[s].dtype;
      const double largest = std::min(largest_of(dtype), largest_of(narrowest_));
      if (!engine::is_integral(dtype) && largest_magnitude(dtype, trial_.image().storages[s]) > largest / few)
        return true;
    }
    return false;
  }

  // Of all tensors and arguments.
  double largest_integer() const {
    double largest = 0;
    for (size_t s = 0; s < trial_.image().storages.size(); ++s)
      if (const DType dtype = trial_.test_case().storages[s].dtype; engine::is_integral(dtype))
        largest = std::max(largest, largest_magnitude(dtype, trial_.image().storages[s]));
    for (const corpora::Call& call : trial_.test_case().calls)
      for (const corpora::Value& value : call.arguments)
        if (value.kind == corpora::ValueKind::integer)
          largest = std::max(largest, std::fabs(static_cast<double>(value.integer)));
    return largest;
  }

  // What one unit in the last place of the inputs changes. Elements of expanded inputs change independently.
  std::string measure_effects(size_t call, const WidePairs& pairs) {
    corpora::PhiloxChoices choices = trial_.choices(rewriting::wide);
    const corpora::Case copies = with_copies(trial_);
    const std::optional<corpora::Case> wide = widened(copies, corpora::image_of(copies));
    if (!wide) return "copies of the inputs are too large";
    for (int run = 0; run < perturbed_runs; ++run) {
      const corpora::Case other = perturbed(copies, *wide, narrowest_, choices);
      const Outcome outcome = trial_.run(other, {}, verdict_.right);
      if (outcome.calls.size() <= call || outcome.calls[call].status != Status::returned)
        return "one unit in the last place of the inputs decides whether the call raises";
      const WidePairs moved = wide_pairs(trial_.direct().calls[call], outcome.calls[call]);
      if (!moved.why.empty() || moved.pairs.size() != pairs.pairs.size())
        return "one unit in the last place of the inputs changes more than values";
      note_effects(moved);
    }
    return {};
  }

  void note_effects(const WidePairs& moved) {
    std::vector<double> values;
    size_t of = SIZE_MAX;
    for (Excess& each : excess_) {
      if (each.pair != of) values = components_in(*moved.pairs[of = each.pair].right);
      const double there = values[each.component];
      const double effect =
          same_class(there, each.right)
              ? (std::isfinite(there) && std::isfinite(each.right) ? std::fabs(there - each.right) : 0)
              : std::numeric_limits<double>::infinity();
      each.effect = std::max(each.effect, effect);
    }
  }

  void conclude(size_t call, const WidePairs& pairs, const Tolerance& tolerance) {
    const auto found = std::ranges::find_if_not(excess_, &Excess::explained);
    if (found == excess_.end()) {
      verdict_ = incomparable(std::move(verdict_),
                              "one unit in the last place of the inputs changes the result as much");
      return;
    }
    const WidePair& pair = pairs.pairs[found->pair];
    const auto element = found->component / static_cast<size_t>(components_of(pair.left->dtype));
    Place place = pair.place;
    place.element = index_of(pair.left->sizes, static_cast<int64_t>(element));
    const auto shown = [&](const TensorSnapshot& t) {
      return Element::at(t.dtype, t.values.data() + element * engine::size_of(t.dtype));
    };
    Divergence divergence = divergence_of(found->finite() ? Kind::value : Kind::nan_pattern, std::move(place),
                                          shown(*pair.left), shown(*pair.right));
    divergence.left.whole = {result_of(*pair.left)};
    divergence.right.whole = {result_of(*pair.right)};
    divergence.tier = tolerance.tier;
    divergence.difference = std::fabs(found->left - found->right);
    divergence.bound = found->bound + (found->finite() ? condition * found->effect : 0);
    divergence.bound_reason = tolerance.reason;
    verdict_ = differs(trial_, call, std::move(divergence), std::move(verdict_));
    verdict_.right_case = corpora::to_text(wide_);
  }

  Trial& trial_;
  const corpora::Case& wide_;
  DType narrowest_ = DType::f64;  // of inputs and arguments
  Outcome right_;
  Verdict verdict_;
  std::vector<Excess> excess_;
  double worst_ = 0;
};

}  // namespace

Verdict check_precision(Trial& trial) {
  if (const std::string_view why = about_the_format().reason(trial.operators()); !why.empty())
    return refused(why);
  if (auto verdict = early_verdict(trial)) return *verdict;
  if (!trial.direct().returned()) return refused("the call raises");
  if (is_random(trial)) return refused("the operator draws random numbers");
  if (auto verdict = check_full_precision(trial)) return *verdict;
  const std::optional<corpora::Case> wide = widened(trial.test_case(), trial.image());
  if (!wide) return refused("no input can have a wider dtype");
  return PrecisionJudge(trial, *wide).judge();
}

}  // namespace oracles
