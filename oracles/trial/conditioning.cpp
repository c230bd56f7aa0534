#include "oracles/trial/conditioning.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "oracles/compare/element.h"
#include "oracles/compare/element_bytes.h"

namespace oracles {

namespace {

using engine::DType;

constexpr uint64_t runs = 4, stream = 2000;  // the first of their choices

// Each finite component of each element but zeros, one unit in the last place up or down.
void change_last_places(DType dtype, std::vector<std::byte>& bytes, corpora::PhiloxChoices& choices) {
  const size_t size = engine::size_of(dtype), part = size / static_cast<size_t>(components_of(dtype));
  for (size_t at = 0; at + size <= bytes.size(); at += size)
    for (int c = 0; c < components_of(dtype); ++c) {
      const double x = component_at(dtype, bytes.data() + at, c);
      const double step = choices.chance(1, 2) ? ulp_at(dtype, x) : -ulp_at(dtype, x);
      if (x != 0 && std::isfinite(x))
        store_component(dtype, x + step, bytes.data() + at + static_cast<size_t>(c) * part);
    }
}

bool owns_storage(const corpora::Case& c, const corpora::Input& input) {
  return std::ranges::count(c.inputs, input.storage, &corpora::Input::storage) == 1;
}

corpora::Case changed(corpora::Case c, corpora::PhiloxChoices choices) {
  for (corpora::Storage& storage : c.storages) {
    if (engine::is_integral(storage.dtype)) continue;
    storage.bytes = corpora::bytes_of(storage);
    storage.rule = corpora::FillRule::values;
    change_last_places(storage.dtype, storage.bytes, choices);
  }
  return c;
}

// What a call returned and wrote.
std::vector<const TensorSnapshot*> tensors_of(const CallOutcome& call) {
  std::vector<const TensorSnapshot*> tensors = tensor_results(call);
  for (const InputChange& change : call.changes) tensors.push_back(&change.after);
  return tensors;
}

bool comparable(const TensorSnapshot& a, const TensorSnapshot& b) {
  return a.has_values && b.has_values && a.dtype == b.dtype && a.values.size() == b.values.size();
}

// How far apart; infinite if only one is a number.
double distance(double a, double b) {
  if (std::isnan(a) && std::isnan(b)) return 0;
  if (a == b) return 0;
  const double d = std::fabs(a - b);
  return std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
}

// An element's distance from what it is in a changed run may be this much smaller than what rounding does: a
// sum of n numbers has n roundings of numbers that may be n times as large. Kernels compute halves in f32,
// and whole numbers are not rounded.
double growth(const corpora::Case& c, DType dtype) {
  constexpr double few = 4, of_integers = 2;
  if (engine::is_integral(dtype)) return of_integers;
  if (precision_of(dtype) < precision_of(DType::f32)) return few;
  int64_t terms = 0;
  for (const corpora::Input& input : c.inputs) terms = std::max(terms, engine::element_count(input.sizes));
  return few + static_cast<double>(terms);
}

// Of one tensor on both sides, in the run of the copies, and in runs after their elements have changed.
bool explained(const TensorSnapshot& left, const TensorSnapshot& right,
               const std::vector<const TensorSnapshot*>& in_runs, double factor, double bound) {
  const size_t size = engine::size_of(left.dtype);
  for (size_t at = 0; at + size <= left.values.size(); at += size)
    for (int c = 0; c < components_of(left.dtype); ++c) {
      const auto element = [&](const TensorSnapshot& t) {
        return component_at(t.dtype, t.values.data() + at, c);
      };
      const double difference = distance(element(left), element(right));
      if (difference <= bound) continue;
      double spread = 0;
      for (const TensorSnapshot* changed : in_runs)
        spread = std::max(spread, distance(element(*in_runs.front()), element(*changed)));
      if (difference > factor * spread) return false;
    }
  return true;
}

}  // namespace

corpora::Case with_copies(const Trial& trial) {
  corpora::Case c = trial.test_case();
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    corpora::Input& input = c.inputs[i];
    corpora::Storage& storage = c.storage_of(input);
    if (!owns_storage(c, input)) continue;
    storage.rule = corpora::FillRule::values;
    storage.bytes = input_snapshot(trial.test_case(), trial.image(), static_cast<int32_t>(i)).values;
    storage.elements = engine::element_count(input.sizes);
    input.strides = engine::contiguous_strides(input.sizes);
    input.offset = 0;
  }
  return c;
}

bool rounding_explains(Trial& trial, const Disagreement& disagreement, const Verdict& verdict) {
  const auto call = static_cast<size_t>(disagreement.found.call);
  const auto left = tensors_of(disagreement.left.calls[call]);
  const auto right = tensors_of(disagreement.right.calls[call]);
  const corpora::Case copies = with_copies(trial);
  if (!trial.subject().refuses(copies, verdict.left).empty()) return false;
  std::vector<Outcome> outcomes{trial.run(copies, verdict.left, verdict.right)};
  for (uint64_t run = 0; run < runs; ++run)
    outcomes.push_back(trial.run(changed(copies, trial.choices(stream + run)), verdict.left, verdict.right));
  for (size_t i = 0; i < left.size(); ++i) {
    std::vector<const TensorSnapshot*> in_runs;
    for (const Outcome& outcome : outcomes) {
      if (outcome.calls.size() <= call || outcome.calls[call].status != Status::returned) continue;
      const auto tensors = tensors_of(outcome.calls[call]);
      if (tensors.size() == left.size() && comparable(*left[i], *tensors[i])) in_runs.push_back(tensors[i]);
    }
    if (in_runs.size() <= runs || right.size() != left.size() || !comparable(*left[i], *right[i]))
      return false;
    const double factor = growth(trial.test_case(), left[i]->dtype);
    if (!explained(*left[i], *right[i], in_runs, factor, verdict.divergence.bound)) return false;
  }
  return true;
}

}  // namespace oracles
