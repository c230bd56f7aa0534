// Edits of calls, their arguments and the path, also with parts of another case.
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "corpora/case/case_defaults.h"
#include "corpora/case/draw_frame.h"
#include "corpora/case/draw_tensors.h"
#include "corpora/case/earlier_calls.h"
#include "corpora/case/mutate_edits.h"
#include "corpora/case/simpler_edit.h"

namespace corpora {
namespace {

// Copies values of another case: tensors become inputs, with copies of their storages.
class Import {
 public:
  Import(Case& to, Case from) : to_(to), from_(std::move(from)) {}

  Value value(Value copy) {
    for_each_tensor(copy, [&](TensorRef& ref) { ref = {-1, input(edit::substitute_for(from_, ref).index)}; });
    return copy;
  }

 private:
  int32_t input(int32_t index) {
    const auto [known, is_new] = inputs_.try_emplace(index, static_cast<int32_t>(to_.inputs.size()));
    if (!is_new) return known->second;
    Input copy = from_.inputs[static_cast<size_t>(index)];
    const auto [storage, first] =
        storages_.try_emplace(copy.storage, static_cast<int32_t>(to_.storages.size()));
    if (first) to_.storages.push_back(from_.storage_of(copy));
    copy.storage = storage->second;
    to_.inputs.push_back(std::move(copy));
    return known->second;
  }

  Case& to_;
  Case from_;
  std::map<int32_t, int32_t> inputs_, storages_;
};

bool holds_tensors(const Value& value) {
  bool found = false;
  for_each_tensor(value, [&](const TensorRef&) { found = true; });
  return found;
}

int64_t nudged(int64_t value, ChoiceSource& choices) {
  constexpr std::array<int64_t, 6> others{0, 1, -1, 2, 1000, INT64_MIN};
  constexpr int64_t far = int64_t{1} << 40;
  if (value < -far || value > far || choices.chance(1, 3)) return choices.pick(others);
  return value + choices.between(-2, 2);
}

double nudged(double value, ChoiceSource& choices) {
  constexpr std::array<double, 8> others{
      0.0, 1.0, -0.0, -1.0, 0.5, 1e30, -__builtin_inf(), __builtin_nan("")};
  return choices.chance(1, 4) ? -value : choices.pick(others);
}

// Changes the value, but not its kind. A list gets one element more, loses one, or one changes.
void nudge(Value& value, const Catalog& catalog, ChoiceSource& choices) {
  switch (value.kind) {
    case ValueKind::integer:
      value.integer = nudged(value.integer, choices);
      return;
    case ValueKind::boolean:
      value.integer = 1 - value.integer;
      return;
    case ValueKind::complex:
      if (choices.chance(1, 2)) {
        value.imaginary = nudged(value.imaginary, choices);
        return;
      }
      [[fallthrough]];
    case ValueKind::real:
      value.real = nudged(value.real, choices);
      return;
    case ValueKind::dtype:
      value.dtype = draw_dtype(catalog, choices);
      return;
    case ValueKind::list: {
      if (value.list.empty()) return;
      const size_t at = choices.below(value.list.size());
      const uint64_t way = choices.below(4);
      if (way == 0) value.list.push_back(value.list[at]);
      if (way == 1) value.list.erase(value.list.begin() + static_cast<std::ptrdiff_t>(at));
      if (way > 1) nudge(value.list[at], catalog, choices);
      return;
    }
    default:
      return;
  }
}

// The tensors that the call does not write.
std::vector<TensorRef*> read_tensors(Call& call, const engine::Schema& schema) {
  std::vector<TensorRef*> found;
  for (size_t i = 0; i < call.arguments.size(); ++i)
    if (!schema.arguments[i].is_write())
      for_each_tensor(call.arguments[i], [&](TensorRef& ref) { found.push_back(&ref); });
  return found;
}

}  // namespace

bool nudge_argument(Mutation m) {
  Call& call = m.choices.chance(3, 4) ? m.c.calls.back() : m.c.calls[m.choices.below(m.c.calls.size())];
  const engine::Schema& schema = m.supply.catalog.find(call.op)->schema;
  if (call.arguments.empty()) return false;
  const size_t at = m.choices.below(call.arguments.size());
  Value& value = call.arguments[at];
  const Value before = value;
  if (m.choices.chance(1, 6)) {
    value = default_of(schema.arguments[at]).value_or(before);
  } else if (holds_tensors(value)) {
    if (is_optional(schema.arguments[at].type)) value = Value::of_none();
  } else {
    nudge(value, m.supply.catalog, m.choices);
  }
  return !(value == before);
}

bool graft(Mutation m, const Case& other) {
  Call& call = m.c.calls.back();
  const Call& from = other.calls.back();
  if (from.op != call.op || call.arguments.empty()) return false;
  Import import(m.c, other);
  const bool several = m.choices.chance(1, 4);
  const size_t only = m.choices.below(call.arguments.size());
  for (size_t i = 0; i < call.arguments.size(); ++i)
    if (several ? m.choices.chance(1, 2) : i == only) call.arguments[i] = import.value(from.arguments[i]);
  return true;
}

bool graft_drawn(Mutation m) {
  const Operator& op = *m.supply.catalog.find(m.c.calls.back().op);
  return graft(m, draw(m.supply.catalog, op, m.supply.domains, m.choices, m.supply.limits));
}

bool chain(Mutation m, const Case& other) {
  const engine::Schema& ours = m.supply.catalog.find(m.c.calls.back().op)->schema;
  if (ours.returns.empty() || !engine::holds_tensor(ours.returns[0].type)) return false;
  const auto result = static_cast<int32_t>(m.c.calls.size() - 1);
  Call call = other.calls.back();
  Import import(m.c, other);
  for (Value& argument : call.arguments) argument = import.value(std::move(argument));
  const std::vector<TensorRef*> places = read_tensors(call, m.supply.catalog.find(call.op)->schema);
  if (places.empty()) return false;
  *m.choices.pick(places) = {result, 0};
  m.c.calls.push_back(std::move(call));
  return true;
}

bool chain_drawn(Mutation m) {
  const Case other = draw(m.supply, m.choices);
  return other.program.empty() && chain(m, other);
}

bool insert_call(Mutation m) {
  Draft draft{m.supply.catalog, m.supply.domains, m.choices, m.supply.limits};
  draft.made = m.c;
  add_earlier_call(draft);
  const bool changed = draft.made.calls.size() > m.c.calls.size();
  m.c = std::move(draft.made);
  return changed;
}

bool remove_call(Mutation m) {
  if (m.c.calls.size() < 2) return false;
  const size_t at = m.choices.below(m.c.calls.size());
  if (at + 1 == m.c.calls.size())
    m.c.calls.pop_back();
  else
    edit::drop_call(m.c, at);
  return true;
}

// Requests a bit on some storages, or no path.
bool redraw_path(Mutation m) {
  std::vector<LayerKind> kinds;
  for (const LayerRow& row : all_layers())
    if (row.marks_views) kinds.push_back(row.kind);
  Path path;
  const LayerKind kind = m.choices.pick(kinds);
  const bool requests = m.choices.chance(1, 2);
  for (size_t s = 0; s < m.c.storages.size() && requests; ++s)
    if (m.choices.chance(1, 2)) path.push_back({kind, static_cast<int32_t>(s)});
  std::swap(m.c.header.path, path);
  return m.c.header.path != path;
}

}  // namespace corpora
