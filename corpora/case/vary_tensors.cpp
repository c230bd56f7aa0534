// Edits of a sample's tensors: layouts, dtypes, values.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "corpora/case/draw_tensors.h"
#include "corpora/case/draw_views.h"
#include "corpora/case/simpler_edit.h"
#include "corpora/case/vary_edits.h"

namespace corpora {
namespace {

using engine::Dims;
using engine::DType;

template <class T>
T* some(ChoiceSource& choices, std::vector<T>& items) {
  return items.empty() ? nullptr : &items[choices.below(items.size())];
}

// Where in the storage the old view has the element of each index of the new sizes; an index past the end
// starts again.
std::vector<int64_t> old_positions(const Input& input, const Dims& sizes) {
  std::vector<int64_t> positions;
  Dims index(sizes.size(), 0);
  for (int64_t left = engine::element_count(sizes); left > 0; --left) {
    int64_t position = input.offset;
    for (size_t d = 0; d < sizes.size(); ++d) position += index[d] % input.sizes[d] * input.strides[d];
    positions.push_back(position);
    for (size_t d = sizes.size(); d-- > 0;) {
      if (++index[d] < sizes[d]) break;
      index[d] = 0;
    }
  }
  return positions;
}

void lay_out_values(Storage& storage, const Input& input, const Dims& sizes, const Dims& strides,
                    int64_t offset) {
  const int64_t elements = offset + engine::extent_of(sizes, strides).high;
  const size_t width = engine::size_of(storage.dtype);
  std::vector<std::byte> bytes(static_cast<size_t>(elements) * width);
  if (engine::element_count(input.sizes) > 0) {
    const std::vector<int64_t> from = old_positions(input, sizes);
    size_t next = 0;
    engine::for_each_position(sizes, strides, offset, [&](int64_t to) {
      const std::byte* old = storage.bytes.data() + static_cast<size_t>(from[next++]) * width;
      std::copy_n(old, width, bytes.data() + static_cast<size_t>(to) * width);
    });
  }
  storage.bytes = std::move(bytes);
  storage.elements = elements;
}

// A dtype of the same sort, and mostly one that kernels accept; one draw in eight, any.
DType similar(const Catalog& catalog, ChoiceSource& choices, DType old) {
  if (choices.chance(1, 8)) return draw_dtype(catalog, choices);
  const auto sort = [](DType dtype) {
    if (engine::class_of(dtype) == engine::DTypeClass::half) return engine::DTypeClass::real;
    return engine::class_of(dtype);
  };
  DTypeSet alike = 0;
  for (const DType dtype : engine::all_dtypes)
    if (sort(dtype) == sort(old) && (engine::is_computed(dtype) || !engine::is_computed(old)))
      alike |= only(dtype);
  return draw_dtype(catalog, choices, alike);
}

void replace_dtype(Value& value, DType old, DType dtype) {
  if (value.kind == ValueKind::dtype && value.dtype == old) value.dtype = dtype;
  for (Value& element : value.list) replace_dtype(element, old, dtype);
}

// Elements take the values of others with the same last index, which often have the same meaning.
bool mix_columns(ChoiceSource& choices, const Input& input, Storage& storage) {
  const int64_t count = engine::element_count(input.sizes);
  if (count < 2) return false;
  std::vector<int64_t> positions;
  engine::for_each_position(input.sizes, input.strides, input.offset,
                            [&](int64_t position) { positions.push_back(position); });
  const int64_t columns = input.sizes.size() < 2 ? 1 : input.sizes.back();
  const int64_t rows = count / columns;
  const size_t width = engine::size_of(storage.dtype);
  const std::vector<std::byte> before = storage.bytes;
  for (uint64_t n = 1 + choices.below(8); n > 0; --n) {
    const int64_t column = choices.between(0, columns - 1);
    const int64_t from = choices.between(0, rows - 1), to = choices.between(0, rows - 1);
    const auto at = [&](int64_t row) {
      return static_cast<size_t>(positions[static_cast<size_t>(row * columns + column)]) * width;
    };
    std::copy_n(before.data() + at(from), width, storage.bytes.data() + at(to));
  }
  return storage.bytes != before;
}

// Integers may be indices: small ones, that are not negative.
FillRule rule_like(ChoiceSource& choices, const Storage& storage) {
  constexpr std::array<FillRule, 4> of_integers{FillRule::zeros, FillRule::ones, FillRule::zeros,
                                                FillRule::iota};
  if (engine::is_integral(storage.dtype) && storage.dtype != DType::b8 && !is_random(storage.rule) &&
      !choices.chance(1, 8))
    return choices.pick(of_integers);
  return draw_rule(choices);
}

}  // namespace

bool is_written(const Case& c, const Catalog& catalog, size_t input) {
  for (const Call& call : c.calls) {
    const Operator* op = catalog.find(call.op);
    for (size_t i = 0; op && i < call.arguments.size(); ++i) {
      if (!op->schema.arguments[i].is_write()) continue;
      bool found = false;
      for_each_tensor(call.arguments[i], [&](const TensorRef& ref) {
        found = found || (ref.is_input() && static_cast<size_t>(ref.index) == input);
      });
      if (found) return true;
    }
  }
  return false;
}

void reshape_view(Case& c, size_t i, Dims sizes, Dims strides, int64_t offset) {
  if (c.storage_of(c.inputs[i]).rule != FillRule::values)
    return set_geometry(c, c.inputs[i], std::move(sizes), std::move(strides), offset);
  edit::own_storage(c, i);
  Input& input = c.inputs[i];
  if (engine::element_count(sizes) > CaseLimits::explicit_bytes / 16) {  // more than a case may write out
    edit::set_rule(c.storage_of(input), FillRule::ones);
    return set_geometry(c, input, std::move(sizes), std::move(strides), offset);
  }
  lay_out_values(c.storage_of(input), input, sizes, strides, offset);
  input.sizes = std::move(sizes);
  input.strides = std::move(strides);
  input.offset = offset;
}

bool vary_layout(Mutation m) {
  if (m.c.inputs.empty()) return false;
  const size_t i = m.choices.below(m.c.inputs.size());
  const bool holds_values = m.c.storage_of(m.c.inputs[i]).rule == FillRule::values;
  const bool repeats = !is_written(m.c, m.supply.catalog, i) && (!holds_values || m.choices.chance(1, 4));
  const Dims sizes = m.c.inputs[i].sizes, strides = m.c.inputs[i].strides;
  View view = draw_view(m.choices, sizes, repeats ? Layout::any : Layout::disjoint);
  const bool changes = view.strides != strides || view.offset != m.c.inputs[i].offset;
  reshape_view(m.c, i, sizes, std::move(view.strides), view.offset);
  return changes;
}

bool vary_dtype(Mutation m) {
  Storage* chosen = some(m.choices, m.c.storages);
  if (!chosen) return false;
  const DType old = chosen->dtype;
  const DType dtype = similar(m.supply.catalog, m.choices, old);
  if (dtype == old) return false;
  if (m.choices.chance(1, 12)) {
    edit::set_dtype(*chosen, dtype);
    return true;
  }
  for (Storage& storage : m.c.storages)
    if (storage.dtype == old) edit::set_dtype(storage, dtype);
  for (Call& call : m.c.calls)
    for (Value& argument : call.arguments) replace_dtype(argument, old, dtype);
  return true;
}

bool vary_values(Mutation m) {
  const Input* input = some(m.choices, m.c.inputs);
  if (!input) return false;
  Storage& storage = m.c.storage_of(*input);
  if (storage.rule == FillRule::values)
    return m.choices.chance(1, 12) ? edit_element(m) : mix_columns(m.choices, *input, storage);
  edit::set_rule(storage, rule_like(m.choices, storage));
  if (is_random(storage.rule)) storage.rng_seed = 1 + m.choices.below(1 << 16);
  return true;
}

}  // namespace corpora
