#include "corpora/case/approach.h"

#include <algorithm>
#include <array>
#include <utility>

#include "corpora/case/draw_tensors.h"
#include "corpora/case/mutate_edits.h"
#include "corpora/case/simpler_edit.h"
#include "corpora/case/vary.h"
#include "corpora/case/vary_edits.h"
#include "engine/core/shape.h"

namespace corpora {
namespace {

using engine::Dims;

// The sizes of all views.
std::vector<int64_t> sizes_of(const Case& c) {
  std::vector<int64_t> all;
  for (const Input& input : c.inputs) all.insert(all.end(), input.sizes.begin(), input.sizes.end());
  return all;
}

Input* some_view(Mutation m) {
  return m.c.inputs.empty() ? nullptr : &m.c.inputs[m.choices.below(m.c.inputs.size())];
}

bool set_sizes(Mutation m, Input& input, Dims sizes) {
  if (sizes == input.sizes) return false;
  Dims strides = engine::contiguous_strides(sizes);
  set_geometry(m.c, input, std::move(sizes), std::move(strides), input.offset);
  return true;
}

// One view gets or loses a dimension.
bool change_one_rank(Mutation m) {
  Input* input = some_view(m);
  if (!input) return false;
  Dims sizes = input->sizes;
  const auto at = static_cast<std::ptrdiff_t>(m.choices.below(sizes.size() + 1));
  if (m.choices.chance(1, 2))
    sizes.insert(sizes.begin() + at, m.choices.between(1, 5));
  else if (static_cast<size_t>(at) < sizes.size())
    sizes.erase(sizes.begin() + at);
  return set_sizes(m, *input, std::move(sizes));
}

// A size of one view becomes one of another view, or a small number.
bool change_one_size(Mutation m) {
  Input* input = some_view(m);
  if (!input || input->sizes.empty()) return false;
  const std::vector<int64_t> all = sizes_of(m.c);
  Dims sizes = input->sizes;
  sizes[m.choices.below(sizes.size())] =
      m.choices.chance(1, 2) ? m.choices.pick(all) : m.choices.between(1, 8);
  return set_sizes(m, *input, std::move(sizes));
}

// The integers of an argument, also those in its lists.
void collect(Value& value, std::vector<Value*>& integers) {
  if (value.kind == ValueKind::integer) integers.push_back(&value);
  for (Value& element : value.list) collect(element, integers);
}

// An integer becomes the size of a view, or the number of its elements.
bool integer_as_size(Mutation m) {
  const Input* input = some_view(m);
  std::vector<Value*> integers;
  for (Value& argument : m.c.calls.back().arguments) collect(argument, integers);
  if (!input || integers.empty()) return false;
  Value& chosen = *m.choices.pick(integers);
  const int64_t before = chosen.integer;
  chosen.integer = input->sizes.empty() || m.choices.chance(1, 4) ? engine::element_count(input->sizes)
                                                                  : m.choices.pick(input->sizes);
  return chosen.integer != before;
}

// One storage gets another dtype.
bool change_one_dtype(Mutation m) {
  if (m.c.storages.empty()) return false;
  Storage& storage = m.c.storages[m.choices.below(m.c.storages.size())];
  const engine::DType dtype = draw_dtype(m.supply.catalog, m.choices);
  if (dtype == storage.dtype) return false;
  edit::set_dtype(storage, dtype);
  return true;
}

Dims some_sizes(Mutation m) {
  if (m.choices.chance(1, 3)) return m.choices.pick(m.c.inputs).sizes;
  const std::vector<int64_t> all = sizes_of(m.c);
  Dims sizes;
  for (uint64_t rank = m.choices.below(5); sizes.size() < rank;)
    sizes.push_back(all.empty() || m.choices.chance(1, 2) ? m.choices.between(1, 5) : m.choices.pick(all));
  return sizes;
}

// One tensor gets sizes, a dtype and contents at once: one check may demand all of them.
bool redraw_one_tensor(Mutation m) {
  if (m.c.inputs.empty()) return false;
  const size_t i = m.choices.below(m.c.inputs.size());
  Dims sizes = some_sizes(m);
  edit::own_storage(m.c, i);
  Storage& storage = m.c.storage_of(m.c.inputs[i]);
  using engine::DType;
  constexpr std::array<DType, 6> usual{DType::f32, DType::f32, DType::f64,
                                       DType::i32, DType::i64, DType::i64};
  edit::set_dtype(storage,
                  m.choices.chance(2, 3) ? m.choices.pick(usual) : draw_dtype(m.supply.catalog, m.choices));
  constexpr std::array<FillRule, 3> rules{FillRule::zeros, FillRule::ones, FillRule::iota};
  edit::set_rule(storage, m.choices.pick(rules));
  return set_sizes(m, m.c.inputs[i], std::move(sizes));
}

using Edit = bool (*)(Mutation);
// As often as they are listed.
constexpr std::array<Edit, 23> edits{
    redraw_one_tensor, redraw_one_tensor, redraw_one_tensor, redraw_one_tensor, change_one_rank,
    change_one_rank,   change_rank,       change_one_size,   change_one_size,   change_one_size,
    integer_as_size,   integer_as_size,   integer_as_size,   change_one_dtype,  change_one_dtype,
    vary_dtype,        vary_values,       vary_values,       nudge_argument,    nudge_argument,
    graft_drawn,       graft_drawn,       move_size};

bool settle(Case& c, const DrawLimits& limits) {
  if (!fault_of(c).empty()) return false;
  edit::drop_unused(c);
  const int64_t most = 4 * limits.elements_max;
  return std::ranges::all_of(c.inputs,
                             [&](const Input& i) { return engine::element_count(i.sizes) <= most; }) &&
         std::ranges::all_of(c.storages, [&](const Storage& s) { return s.elements <= 4 * most; }) &&
         fault_of(c).empty();
}

Case changed(Case c, const Supply& supply, ChoiceSource& choices) {
  uint64_t wanted = choices.chance(1, 2) ? 1 : 1 + choices.below(3);
  for (int tries = 0; wanted > 0 && tries < 16; ++tries) {
    Case next = c;
    const Edit edit = choices.pick(edits);
    if (!edit({next, supply, choices}) || !settle(next, supply.limits)) continue;
    c = std::move(next);
    --wanted;
  }
  return c;
}

}  // namespace

Case approach(const Attempts& attempts, const Supply& supply, ChoiceSource& choices) {
  const bool from_accepted = attempts.refused.empty() || (!attempts.accepted.empty() && choices.chance(7, 8));
  if (from_accepted) return vary(attempts.accepted, supply, choices);
  const uint64_t count = attempts.refused.size();
  const uint64_t back = std::min(choices.below(count), choices.below(count));  // rather a late one
  return changed(*attempts.refused[count - 1 - back], supply, choices);
}

}  // namespace corpora
