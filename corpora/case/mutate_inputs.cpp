// Edits of inputs and storages: contents, dtypes, geometry, sharing.
#include <algorithm>

#include "corpora/case/draw_tensors.h"
#include "corpora/case/draw_views.h"
#include "corpora/case/mutate_edits.h"
#include "corpora/case/simpler_edit.h"

namespace corpora {
namespace {

using engine::Dims;

template <class T>
T* some(ChoiceSource& choices, std::vector<T>& items) {
  return items.empty() ? nullptr : &items[choices.below(items.size())];
}

// Sets sizes, and keeps the strides of an input of the same rank that is not contiguous.
void resize_to(Case& c, Input& input, Dims sizes) {
  Dims strides = engine::contiguous_strides(sizes);
  const bool keeps = sizes.size() == input.sizes.size() && !engine::is_contiguous(input.sizes, input.strides);
  if (keeps) strides = input.strides;
  set_geometry(c, input, std::move(sizes), std::move(strides), input.offset);
}

// Dimensions are counted from the end, as broadcasting does.
bool insert_dimension(Dims& sizes, size_t from_end, int64_t size) {
  if (from_end > sizes.size() || sizes.size() >= 6) return false;
  sizes.insert(sizes.end() - static_cast<std::ptrdiff_t>(from_end), size);
  return true;
}
bool erase_dimension(Dims& sizes, size_t from_end) {
  if (from_end >= sizes.size()) return false;
  sizes.erase(sizes.end() - 1 - static_cast<std::ptrdiff_t>(from_end));
  return true;
}

}  // namespace

void set_geometry(Case& c, Input& input, Dims sizes, Dims strides, int64_t offset) {
  Storage& storage = c.storage_of(input);
  const int64_t needed = offset + engine::extent_of(sizes, strides).high;
  if (needed > storage.elements) {
    if (storage.rule == FillRule::values) edit::set_rule(storage, FillRule::integers);
    storage.elements = needed;
  }
  input.sizes = std::move(sizes);
  input.strides = std::move(strides);
  input.offset = offset;
}

bool redraw_fill(Mutation m) {
  Storage* storage = some(m.choices, m.c.storages);
  if (!storage) return false;
  const bool same_rule = is_random(storage->rule) && m.choices.chance(1, 3);
  if (!same_rule) edit::set_rule(*storage, draw_rule(m.choices));
  if (is_random(storage->rule)) storage->rng_seed = 1 + m.choices.below(1 << 16);
  return true;
}

bool edit_element(Mutation m) {
  constexpr int64_t few = 64;
  Storage* storage = some(m.choices, m.c.storages);
  if (!storage || storage->elements == 0 || storage->elements > few) return false;
  edit::set_rule(*storage, FillRule::values);
  const size_t width = engine::size_of(storage->dtype);
  std::byte* element =
      storage->bytes.data() + m.choices.below(static_cast<uint64_t>(storage->elements)) * width;
  const bool is_flag = storage->dtype == engine::DType::b8;
  const bool is_extreme = m.choices.chance(1, 2);  // all bits set or clear: zeros, NaNs, -1
  const uint64_t bound = is_flag || is_extreme ? 2 : 256;
  const uint64_t all = m.choices.below(bound);
  for (size_t i = 0; i < width; ++i) {
    const uint64_t byte = is_flag ? all : is_extreme ? all * 255 : m.choices.below(bound);
    element[i] = static_cast<std::byte>(byte);
  }
  return true;
}

bool redraw_dtype(Mutation m) {
  Storage* storage = some(m.choices, m.c.storages);
  if (!storage) return false;
  const engine::DType old = storage->dtype;
  const engine::DType dtype = draw_dtype(m.supply.catalog, m.choices);
  const bool all_alike = !m.choices.chance(1, 4);
  if (!all_alike) edit::set_dtype(*storage, dtype);
  for (Storage& each : m.c.storages)
    if (all_alike && each.dtype == old) edit::set_dtype(each, dtype);
  return dtype != old;
}

bool redraw_view(Mutation m) {
  Input* input = some(m.choices, m.c.inputs);
  if (!input) return false;
  View view = draw_view(m.choices, input->sizes, Layout::any);
  set_geometry(m.c, *input, input->sizes, std::move(view.strides), view.offset);
  return true;
}

bool resize(Mutation m) {
  const Input* chosen = some(m.choices, m.c.inputs);
  if (!chosen || chosen->sizes.empty()) return false;
  const int64_t old = m.choices.pick(chosen->sizes);
  const int64_t size = m.choices.chance(1, 12) ? 0 : m.choices.between(1, 9);
  const bool all_alike = !m.choices.chance(1, 4);
  for (Input& input : m.c.inputs) {
    if (!all_alike && &input != chosen) continue;
    Dims sizes = input.sizes;
    std::replace(sizes.begin(), sizes.end(), old, size);
    if (sizes != input.sizes) resize_to(m.c, input, std::move(sizes));
  }
  return size != old;
}

bool change_rank(Mutation m) {
  const Input* chosen = some(m.choices, m.c.inputs);
  if (!chosen) return false;
  const size_t from_end = m.choices.below(chosen->sizes.size() + 1);
  const bool inserts = m.choices.chance(1, 2);
  const int64_t size = m.choices.between(1, 3);
  const bool all_alike = !m.choices.chance(1, 4);
  bool changed = false;
  for (Input& input : m.c.inputs) {
    if (!all_alike && &input != chosen) continue;
    Dims sizes = input.sizes;
    if (!(inserts ? insert_dimension(sizes, from_end, size) : erase_dimension(sizes, from_end))) continue;
    resize_to(m.c, input, std::move(sizes));
    changed = true;
  }
  return changed;
}

bool share_storage(Mutation m) {
  Input* one = some(m.choices, m.c.inputs);
  Input* other = some(m.choices, m.c.inputs);
  if (!one || one->storage == other->storage || m.c.storage_of(*one).dtype != m.c.storage_of(*other).dtype)
    return false;
  one->storage = other->storage;
  set_geometry(m.c, *one, one->sizes, one->strides, one->offset);
  return true;
}

bool unshare_storage(Mutation m) {
  if (m.c.inputs.empty()) return false;
  const size_t input = m.choices.below(m.c.inputs.size());
  if (!edit::shares_storage(m.c, input)) return false;
  edit::own_storage(m.c, input);
  return true;
}

bool take_geometry(Mutation m, const Case& other) {
  Input* input = some(m.choices, m.c.inputs);
  if (!input || other.inputs.empty()) return false;
  const Input& from = m.choices.pick(other.inputs);
  set_geometry(m.c, *input, from.sizes, from.strides, from.offset);
  return true;
}

bool take_storage(Mutation m, const Case& other) {
  Storage* storage = some(m.choices, m.c.storages);
  if (!storage || other.storages.empty()) return false;
  const Storage& from = m.choices.pick(other.storages);
  edit::set_dtype(*storage, from.dtype);
  if (from.rule == FillRule::values) return true;
  edit::set_rule(*storage, from.rule);
  storage->rng_seed = from.rng_seed;
  return true;
}

}  // namespace corpora
