#include "oracles/relations/full_precision.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "oracles/compare/element.h"
#include "oracles/relations/forms.h"
#include "oracles/relations/wide_pairs.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::FillRule;
using engine::DType;

bool is_full(DType dtype) { return dtype == DType::f64 || dtype == DType::c128; }

// Significant bits of x, from the first to the last that is set.
int bits_of(double x) {
  const uint64_t fraction = std::bit_cast<uint64_t>(x) << 12;
  return fraction == 0 ? 1 : 53 - std::countr_zero(fraction) + 12;
}

// Whether the numbers have as many bits as those of f32, and not more. Constants, multiples and rounded
// numbers have fewer.
bool looks_narrow(const TensorSnapshot& tensor) {
  constexpr int many_bits = 18, f32_bits = 24;
  constexpr size_t several = 3;
  if (!tensor.has_values || !is_full(tensor.dtype)) return false;
  std::set<double> long_numbers;
  for (const double x : components_in(tensor)) {
    if (!std::isfinite(x)) continue;
    const int bits = bits_of(x);
    if (bits > f32_bits) return false;
    if (bits >= many_bits) long_numbers.insert(std::fabs(x));
  }
  return long_numbers.size() >= several;
}

const TensorSnapshot* narrow_result(const CallOutcome& call, int32_t& index) {
  const auto tensors = tensor_results(call);
  const auto found = std::ranges::find_if(tensors, [](const TensorSnapshot* t) { return looks_narrow(*t); });
  index = static_cast<int32_t>(found - tensors.begin());
  return found == tensors.end() ? nullptr : *found;
}

// Whether the last call reads real or complex numbers. Of integers it may compute in the default dtype.
bool reads_reals(Trial& trial) {
  const corpora::Case& c = trial.test_case();
  return std::ranges::any_of(trial.uses(), [&](const TensorUse& use) {
    const bool last = static_cast<size_t>(use.call) + 1 == c.calls.size();
    const auto& argument = trial.last_operator().schema.arguments[static_cast<size_t>(use.argument)];
    return last && !argument.is_out() && use.tensor.is_input() &&
           is_full(c.storage_of(c.input_of(use.tensor)).dtype);
  });
}

// Other numbers, which have all bits of f64.
corpora::Case refilled(const corpora::Case& c, FillRule rule, uint64_t seed) {
  corpora::Case other = c;
  for (corpora::Storage& storage : other.storages) {
    if (!is_full(storage.dtype)) continue;
    storage.rule = rule;
    storage.rng_seed = seed++;
    storage.bytes.clear();
  }
  return other;
}

}  // namespace

std::optional<Verdict> check_full_precision(Trial& trial) {
  const corpora::Case& c = trial.test_case();
  const auto narrow = [](const corpora::Storage& s) {
    return !engine::is_integral(s.dtype) && !is_full(s.dtype);
  };
  const auto full = [](const corpora::Storage& s) { return is_full(s.dtype); };
  if (std::ranges::any_of(c.storages, narrow)) return std::nullopt;
  if (std::ranges::none_of(c.storages, full) || !reads_reals(trial))
    return refused("no input is a real or complex number");
  if (trial.last_operator().schema.has_out()) return refused("the result has the dtype of its out argument");
  const CallOutcome& last = trial.direct().last();
  if (std::ranges::none_of(tensor_results(last), [](const auto* t) { return is_full(t->dtype); }))
    return refused("no result is a real or complex number");
  Verdict verdict;
  verdict.right = {{corpora::LayerKind::form, rewriting::wide}};
  int32_t index = 0;
  const TensorSnapshot* found = narrow_result(last, index);
  const auto call = c.calls.size() - 1;
  if (!found || trial.subject().accuracy(c.calls[call].op, engine::class_of(found->dtype), {}).computed_in)
    return verdict;
  uint64_t seed = 1;
  for (const FillRule rule : {FillRule::unit, FillRule::positive, FillRule::unit, FillRule::positive}) {
    const Outcome other = trial.run(refilled(c, rule, 1000 * seed++), {}, {});
    int32_t again = 0;
    if (!other.returned() || !narrow_result(other.last(), again) || again != index) return verdict;
  }
  Divergence divergence = divergence_of(Kind::dtype, {Part::result, index}, found->dtype,
                                        found->dtype == DType::f64 ? DType::f32 : DType::c64);
  divergence.right.whole = {result_of(*found)};
  return differs(trial, call, std::move(divergence), std::move(verdict));
}

}  // namespace oracles
