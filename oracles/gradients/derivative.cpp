#include "oracles/gradients/derivative.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "corpora/case/choice_source.h"
#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/trial/storage_layers.h"

namespace oracles {

namespace {

using engine::DType;

DType widened(DType dtype) {
  if (!is_differentiable(dtype)) return dtype;
  return engine::is_complex(dtype) ? DType::c128 : DType::f64;
}

void widen(corpora::Value& value) {
  if (value.kind == corpora::ValueKind::dtype) value.dtype = widened(value.dtype);
  for (corpora::Value& element : value.list) widen(element);
}

double largest_real(const corpora::Value& value) {
  double largest = std::isfinite(value.real) ? std::fabs(value.real) : 0;
  for (const corpora::Value& element : value.list) largest = std::max(largest, largest_real(element));
  return largest;
}

}  // namespace

void widen_dtypes(corpora::Call& call) {
  for (corpora::Value& argument : call.arguments) widen(argument);
}

// Of a place that no call has, so that directions and weights are independent.
std::vector<double> direction_in(size_t n, size_t storage, size_t components) {
  return cotangent(SIZE_MAX - n, storage, components);
}

WideProgram::WideProgram(Trial& trial, size_t calls, size_t direction, const corpora::Path& recorded,
                         double epsilon, bool widens)
    : trial_(trial), wide_(trial.test_case()), epsilon_(epsilon) {
  wide_.header = {};
  wide_.calls.resize(calls);
  const LayersByStorage layers = layers_by_storage(trial.test_case(), recorded);
  for (corpora::Call& call : wide_.calls)
    if (widens) widen_dtypes(call);
  for (size_t s = 0; s < wide_.storages.size(); ++s) {
    corpora::Storage& storage = wide_.storages[s];
    const bool moves = is_differentiable(storage.dtype);
    point_.push_back(moves ? numbers_of(storage.dtype, trial.image().storages[s]) : std::vector<double>());
    direction_.push_back(direction_in(direction, s, point_[s].size()));
    if (layers[s].has(corpora::LayerKind::constant)) std::ranges::fill(direction_[s], 0.0);
    if (widens) storage.dtype = widened(storage.dtype);
    if (moves) storage.rule = corpora::FillRule::values;
  }
}

std::vector<double> WideProgram::terms(const Outcome& outcome) const {
  if (!of_gradients_) return weighted_terms(outcome, counts_);
  if (!outcome.backward || outcome.backward->status != Status::returned)
    return {std::numeric_limits<double>::quiet_NaN()};
  std::vector<double> terms;
  for (size_t s = 0; s < wide_.storages.size() && s < outcome.backward->gradients.size(); ++s) {
    const std::vector<double> gradient = numbers_of(outcome.backward->gradients[s]);
    const std::vector<double> weights = gradient_weights(s, point_[s].size());
    for (size_t i = 0; i < weights.size(); ++i)
      terms.push_back(i < gradient.size() ? weights[i] * gradient[i] : 0);
  }
  return terms;
}

bool WideProgram::is_finite() const {
  return std::ranges::all_of(point_, [](const std::vector<double>& numbers) {
    return std::ranges::all_of(numbers, [](double number) { return std::isfinite(number); });
  });
}

bool WideProgram::passes_zero(double width) const {
  return std::ranges::any_of(point_, [&](const std::vector<double>& numbers) {
    return std::ranges::any_of(numbers,
                               [&](double number) { return number != 0 && std::fabs(number) < width; });
  });
}

void WideProgram::move_point() {
  constexpr uint64_t stream = 0x626573696465;  // "beside"
  constexpr uint64_t levels = uint64_t{1} << 20;
  for (size_t s = 0; s < point_.size(); ++s) {
    corpora::PhiloxChoices choices(stream, s, 0);
    for (double& number : point_[s])
      number += 0x1p-4 * (1 + static_cast<double>(choices.below(levels)) / static_cast<double>(levels));
  }
}

double WideProgram::rounding(double width) const {
  double largest = 0;
  for (const std::vector<double>& numbers : point_)
    for (const double number : numbers)
      if (std::isfinite(number)) largest = std::max(largest, std::fabs(number));
  for (const corpora::Call& call : wide_.calls)
    for (const corpora::Value& argument : call.arguments) largest = std::max(largest, largest_real(argument));
  return 64 * epsilon_ * largest / width;
}

Outcome WideProgram::run_at(double step, const corpora::Path& path) {
  for (size_t s = 0; s < wide_.storages.size(); ++s) {
    if (point_[s].empty()) continue;
    std::vector<std::byte>& bytes = wide_.storages[s].bytes;
    const DType dtype = wide_.storages[s].dtype;
    const size_t width = engine::size_of(dtype) / static_cast<size_t>(components_of(dtype));
    bytes.resize(point_[s].size() * width);
    for (size_t i = 0; i < point_[s].size(); ++i)
      store_component(dtype, point_[s][i] + step * direction_[s][i], bytes.data() + i * width);
  }
  return trial_.run(wide_, path, {{corpora::LayerKind::grad}});
}

std::optional<Derivative> derivative_of(WideProgram& program, double width, const corpora::Path& path) {
  const std::array<double, 5> steps{-width, -width / 2, 0, width / 2, width};
  std::array<std::vector<double>, 5> terms;
  std::array<double, 5> sums{};
  double size = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    const Outcome there = program.run_at(steps[i], path);
    if (!there.returned()) return std::nullopt;
    terms[i] = program.terms(there);
    sums[i] = std::accumulate(terms[i].begin(), terms[i].end(), 0.0);
    if (!std::isfinite(sums[i]) || terms[i].size() != terms[0].size()) return std::nullopt;
    size = std::max(size, std::accumulate(terms[i].begin(), terms[i].end(), 0.0,
                                          [](double sum, double term) { return sum + std::fabs(term); }));
  }
  const double coarse = (sums[4] - sums[0]) / (2 * width), fine = (sums[3] - sums[1]) / width;
  // The sum of the jumps of the slopes at the point, of each term separately, because they may cancel in the
  // sum: twice the fine second difference minus the coarse one is the jump at a kink, and 0 for a quadratic
  // function.
  double kink = 0;
  for (size_t t = 0; t < terms[0].size(); ++t) {
    const double coarse_second = (terms[4][t] - 2 * terms[2][t] + terms[0][t]) / width;
    const double fine_second = (terms[3][t] - 2 * terms[2][t] + terms[1][t]) / (width / 2);
    kink += std::fabs(2 * fine_second - coarse_second);
  }
  const double rounding = 64 * program.epsilon() * size / width;
  return Derivative{fine + (fine - coarse) / 3, 4 * std::fabs(fine - coarse) + kink + rounding, size};
}

namespace {

// Which components of the direction belong to the first of two parts: the storages up to `part`, or drawn
// ones.
std::vector<bool> first_part(size_t part, size_t storage, size_t components, size_t storages) {
  if (part + 1 < storages) return std::vector<bool>(components, storage <= part);
  constexpr uint64_t stream = 0x7061727473;  // "parts"
  corpora::PhiloxChoices choices(stream, part, storage);
  std::vector<bool> first(components);
  for (size_t i = 0; i < components; ++i) first[i] = choices.chance(1, 2);
  return first;
}

std::optional<Derivative> derivative_of_part(WideProgram program, size_t part, bool of_first, double width,
                                             const corpora::Path& path) {
  Point& direction = program.direction();
  for (size_t s = 0; s < direction.size(); ++s) {
    const std::vector<bool> first = first_part(part, s, direction[s].size(), direction.size());
    for (size_t i = 0; i < direction[s].size(); ++i)
      if (first[i] != of_first) direction[s][i] = 0;
  }
  return derivative_of(program, width, path);
}

}  // namespace

bool slopes_add_up(const WideProgram& program, double width, const corpora::Path& path) {
  WideProgram along_all = program;
  const std::optional<Derivative> all = derivative_of(along_all, width, path);
  if (!all) return false;
  constexpr size_t drawn_parts = 6;
  for (size_t part = 0; part + 1 < program.direction().size() + drawn_parts; ++part) {
    const auto first = derivative_of_part(program, part, true, width, path);
    const auto second = derivative_of_part(program, part, false, width, path);
    if (!first || !second) return false;
    const double error = all->error + first->error + second->error + 1e-10 * all->size;
    const double scale = std::fabs(all->slope) + std::fabs(first->slope) + std::fabs(second->slope);
    const bool smooth = error <= 1e-3 * std::max(scale, all->size);
    if (!smooth || std::fabs(first->slope + second->slope - all->slope) > error) return false;
  }
  return true;
}

std::vector<Projected> projected(const BackwardOutcome& backward, const Point& direction) {
  std::vector<Projected> passes;
  for (size_t at = 0; at < backward.gradients.size(); ++at) {
    const size_t s = at % direction.size();
    if (s == 0) passes.emplace_back();
    Projected& found = passes.back();
    const std::vector<double> gradient = numbers_of(backward.gradients[at]);
    for (size_t i = 0; i < gradient.size() && i < direction[s].size(); ++i) {
      const double term = gradient[i] * direction[s][i];
      found.slope += term;
      found.size += std::fabs(term);
    }
    found.finite = std::isfinite(found.slope);
  }
  return passes;
}

}  // namespace oracles
