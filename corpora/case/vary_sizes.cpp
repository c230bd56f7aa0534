// Edits of a sample's sizes.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "corpora/case/image_bits.h"
#include "corpora/case/simpler_edit.h"
#include "corpora/case/vary_edits.h"

namespace corpora {
namespace {

using engine::Dims;

// One size of a case that becomes another one, and where.
struct Move {
  int64_t from = 0, to = 0;
  bool multiples = false;  // 2 * from becomes 2 * to
  bool lists = false;      // also in lists of integers
  bool integers = false;   // also in integers

  int64_t of(int64_t size) const {
    if (size == from) return to;
    if (multiples && from > 1 && size > from && size % from == 0) return size / from * to;
    return size;
  }
};

void move(Value& value, const Move& move_, bool in_list) {
  if (value.kind == ValueKind::integer && (in_list ? move_.lists : move_.integers))
    value.integer = move_.of(value.integer);
  for (Value& element : value.list) move(element, move_, true);
}

// The strides of a view with other sizes: dense in the same order, or the old ones if they have gaps, repeat
// or overlap.
Dims strides_for(const Input& input, const Dims& sizes) {
  const Dims old = edit::dense_strides(input.sizes, input.strides);
  const bool dense = engine::significant_strides(input.sizes, old) ==
                     engine::significant_strides(input.sizes, input.strides);
  if (engine::is_contiguous(input.sizes, input.strides)) return engine::contiguous_strides(sizes);
  return dense ? edit::dense_strides(sizes, input.strides) : input.strides;
}

void resize_view(Case& c, size_t i, Dims sizes) {
  if (sizes == c.inputs[i].sizes) return;
  Dims strides = strides_for(c.inputs[i], sizes);
  const int64_t offset = c.inputs[i].offset;
  reshape_view(c, i, std::move(sizes), std::move(strides), offset);
}

// The value, or -1 if it is not a whole number that is 0 or more.
int64_t whole_number(engine::DType component, const std::byte* from) {
  std::array<std::byte, sizeof(int64_t)> bytes{};
  if (!write_number(engine::DType::i64, read_number(component, from), bytes.data())) return -1;
  return std::max<int64_t>(static_cast<int64_t>(load_bits(bytes.data(), bytes.size())), -1);
}

// Explicit values below the old size are taken modulo the new one.
void keep_below(Storage& storage, const Move& move_) {
  if (storage.rule != FillRule::values || move_.to >= move_.from || move_.to < 1) return;
  const engine::DType component = engine::component_of(storage.dtype);
  const size_t width = engine::size_of(component);
  for (size_t at = 0; at + width <= storage.bytes.size(); at += width) {
    const int64_t value = whole_number(component, storage.bytes.data() + at);
    if (value < move_.to || value >= move_.from) continue;
    Number within;
    within.significand = static_cast<uint64_t>(value % move_.to);
    write_number(component, within, storage.bytes.data() + at);
  }
}

void apply(Case& c, const Move& move_) {
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    Dims sizes = c.inputs[i].sizes;
    for (int64_t& size : sizes) size = move_.of(size);
    resize_view(c, i, std::move(sizes));
  }
  for (Call& call : c.calls)
    for (Value& argument : call.arguments) move(argument, move_, false);
  for (Storage& storage : c.storages) keep_below(storage, move_);
}

int64_t another_size(ChoiceSource& choices, int64_t old) {
  constexpr std::array<int64_t, 8> large{9, 16, 17, 31, 32, 33, 40, 64};
  switch (choices.below(8)) {
    case 0:
      return old == 1 ? 2 : 1;
    case 1:
      return old + 1;
    case 2:
      return std::max<int64_t>(old - 1, 1);
    case 3:
      return old * 2;
    case 4:
      return std::max<int64_t>(old / 2, 1);
    case 5:
      return choices.pick(large);
    case 6:
      return choices.chance(1, 4) ? 0 : choices.between(1, 8);
    default:
      return choices.between(2, 8);
  }
}

// All sizes of all views.
std::vector<int64_t> sizes_of(const Case& c) {
  std::vector<int64_t> all;
  for (const Input& input : c.inputs) all.insert(all.end(), input.sizes.begin(), input.sizes.end());
  return all;
}

// An integer equal to a size that is small may well mean something else.
Move draw_move(ChoiceSource& choices, int64_t from, int64_t to) {
  Move drawn{.from = from, .to = to};
  drawn.multiples = choices.chance(1, 4);
  drawn.lists = choices.chance(from > 2 ? 7 : 4, 8);
  drawn.integers = choices.chance(from > 2 ? 4 : 1, 8);
  return drawn;
}

}  // namespace

bool move_size(Mutation m) {
  const std::vector<int64_t> all = sizes_of(m.c);
  if (all.empty()) return false;
  const int64_t from = m.choices.pick(all);
  const int64_t to = another_size(m.choices, from);
  if (to == from) return false;
  if (m.choices.chance(1, 12)) {  // in one view only
    const size_t i = m.choices.below(m.c.inputs.size());
    Dims sizes = m.c.inputs[i].sizes;
    std::ranges::replace(sizes, from, to);
    const bool changes = sizes != m.c.inputs[i].sizes;
    resize_view(m.c, i, std::move(sizes));
    return changes;
  }
  apply(m.c, draw_move(m.choices, from, to));
  return true;
}

bool halve_largest(Mutation m) {
  const std::vector<int64_t> all = sizes_of(m.c);
  const int64_t largest = all.empty() ? 0 : std::ranges::max(all);
  if (largest < 2) return false;
  apply(m.c, draw_move(m.choices, largest, largest / 2));
  return true;
}

}  // namespace corpora
