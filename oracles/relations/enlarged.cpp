#include "oracles/relations/enlarged.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace oracles {

namespace {

using corpora::Case;
using corpora::FillRule;
using corpora::Input;

constexpr int64_t least_elements = 100'000, most_elements = 3'000'000;

// The sizes that grow: one of those in the inputs, or all.
std::set<int64_t> growing_sizes(const Case& c, corpora::ChoiceSource& choices) {
  std::set<int64_t> all;
  for (const Input& input : c.inputs)
    for (const int64_t size : input.sizes)
      if (size > 1) all.insert(size);
  const uint64_t chosen = choices.below(all.size() + 1);
  if (chosen == all.size()) return all;
  return {*std::next(all.begin(), static_cast<std::ptrdiff_t>(chosen))};
}

// By which factor the sizes grow, so that the input that grows most has enough elements.
int64_t factor_of(const Case& c, const std::set<int64_t>& sizes) {
  double least = 0;
  for (const Input& input : c.inputs) {
    const auto dims = std::ranges::count_if(input.sizes, [&](int64_t size) { return sizes.contains(size); });
    const auto elements = static_cast<double>(engine::element_count(input.sizes));
    if (dims == 0 || elements == 0) continue;
    const double factor = std::pow(least_elements / elements, 1.0 / static_cast<double>(dims));
    least = least == 0 ? factor : std::min(least, factor);
  }
  return static_cast<int64_t>(std::ceil(least));
}

// Strides of the new sizes in the order of the old ones. Expanded dimensions stay so.
engine::Dims strides_like(const engine::Dims& strides, const engine::Dims& sizes) {
  std::vector<size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(
      order, [&](size_t a, size_t b) { return strides[a] != strides[b] ? strides[a] < strides[b] : a > b; });
  engine::Dims made(sizes.size(), 0);
  int64_t next = 1;
  for (const size_t d : order) {
    if (strides[d] == 0 && sizes[d] > 1) continue;
    made[d] = next;
    next *= std::max<int64_t>(sizes[d], 1);
  }
  return made;
}

int64_t elements_behind(const Input& input) {
  int64_t last = 0;
  for (size_t d = 0; d < input.sizes.size(); ++d) {
    if (input.sizes[d] == 0) return 0;
    last += (input.sizes[d] - 1) * input.strides[d];
  }
  return last + 1;
}

// Explicit integers may be indices.
FillRule rule_like(const corpora::Storage& storage) {
  if (storage.rule == FillRule::zeros || storage.rule == FillRule::ones) return storage.rule;
  if (engine::is_integral(storage.dtype))
    return storage.rule == FillRule::values ? FillRule::zeros : FillRule::positive;
  const bool of_one_sign = storage.rule == FillRule::positive || storage.rule == FillRule::unit;
  return of_one_sign ? storage.rule : FillRule::dyadic;
}

}  // namespace

std::optional<Case> enlarged(const Case& c, corpora::ChoiceSource& choices) {
  const std::set<int64_t> sizes = growing_sizes(c, choices);
  const int64_t factor = factor_of(c, sizes);
  if (factor < 2) return std::nullopt;
  const auto odd = static_cast<int64_t>(choices.below(2));  // a number that no number of threads divides
  Case large = c;
  large.header = {};
  large.storages.clear();
  int64_t elements = 0;
  for (Input& input : large.inputs) {
    corpora::Storage storage = c.storage_of(input);
    for (int64_t& size : input.sizes)
      if (sizes.contains(size)) size = size * factor + odd;
    input.strides = strides_like(input.strides, input.sizes);
    input.offset = 0;
    input.storage = static_cast<int32_t>(large.storages.size());
    storage.elements = elements_behind(input);
    storage.rule = rule_like(storage);
    storage.bytes.clear();
    elements += storage.elements;
    if (elements > most_elements || engine::element_count(input.sizes) > most_elements) return std::nullopt;
    large.storages.push_back(std::move(storage));
  }
  return corpora::fault_of(large).empty() ? std::optional(std::move(large)) : std::nullopt;
}

}  // namespace oracles
