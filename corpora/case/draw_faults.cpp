#include "corpora/case/draw_faults.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "corpora/case/case_defaults.h"
#include "corpora/case/draw_tensors.h"
#include "corpora/case/simpler_edit.h"

namespace corpora {
namespace {

using engine::Dims;

constexpr std::array<int64_t, 10> invalid_integers{-1, 5, -6, 100, -100, 0, 6, -2, 1 << 12, -7};
// Where a sum or a product overflows, or an integer of 32 bits cannot hold the number.
constexpr std::array<int64_t, 10> far_integers{
    INT32_MAX, INT32_MIN, int64_t{INT32_MAX} + 1, int64_t{INT32_MIN} - 1, int64_t{1} << 32,
    INT64_MAX, INT64_MIN, INT64_MAX - 1,          INT64_MIN + 1,          -(int64_t{1} << 32)};

// Replaces the input by a contiguous one that does not share its storage.
void replace_tensor(Draft& draft, TensorRef& ref, Dims sizes, engine::DType dtype) {
  Case& made = draft.made;
  Storage storage;
  storage.dtype = dtype;
  storage.elements = engine::element_count(sizes);
  storage.rule = FillRule::integers;
  storage.rng_seed = 1 + draft.choices.below(1 << 16);
  Input& input = made.input_of(ref);
  input.strides = engine::contiguous_strides(sizes);
  input.sizes = std::move(sizes);
  input.offset = 0;
  edit::own_storage(made, static_cast<size_t>(ref.index));
  made.storage_of(input) = std::move(storage);
}

// aten::_cummax_helper and other internal operators check nothing, since their callers do. With wrong sizes,
// small wrong dimensions and words their behaviour is undefined. Their callers pass on numbers that are too
// large.
bool is_internal(std::string_view qualified) {
  const size_t at = qualified.find("::");
  const std::string_view name = at == std::string_view::npos ? qualified : qualified.substr(at + 2);
  return name.starts_with('_') && !name.starts_with("__");
}

bool writes(const Operator* op) {
  return op != nullptr && std::ranges::any_of(op->schema.arguments, &engine::Argument::is_write);
}

void corrupt_tensor(Draft& draft, Value& value) {
  TensorRef& ref = value.tensor;
  if (!ref.is_input()) return;
  const Input& input = draft.made.input_of(ref);
  const engine::DType dtype = draft.made.storage_of(input).dtype;
  Dims sizes = input.sizes;
  const bool internal = is_internal(draft.made.calls.back().op);
  const uint64_t way = draft.choices.below(internal ? 2 : 5);
  if (way == 0) {
    value = Value::of_undefined();
    return;
  }
  if (way == 1) {
    const engine::DType other = draw_dtype(draft.catalog, draft.choices);
    return replace_tensor(draft, ref, std::move(sizes), other);
  }
  if (sizes.empty() || way == 2) {
    sizes.push_back(2);
  } else if (way == 3) {
    sizes.pop_back();
  } else {
    const size_t d = draft.choices.below(sizes.size());
    sizes[d] += 1;
  }
  replace_tensor(draft, ref, std::move(sizes), dtype);
}

// A list of `shortest` elements may become longer, but not shorter.
void corrupt(Draft& draft, Value& value, size_t shortest = 0) {
  switch (value.kind) {
    case ValueKind::tensor:
      return corrupt_tensor(draft, value);
    case ValueKind::integer:
      value.integer = draft.choices.chance(1, 4) ? draft.choices.pick(far_integers)
                                                 : draft.choices.pick(invalid_integers);
      return;
    case ValueKind::real:
      value.real = draft.choices.chance(1, 2) ? -7 : 1e30;
      return;
    case ValueKind::string:
      value.text = draft.choices.chance(1, 2) ? "" : "nonsense";
      return;
    case ValueKind::dtype:
      value.dtype = draw_dtype(draft.catalog, draft.choices);
      return;
    case ValueKind::list:
      if (value.list.empty() || draft.choices.chance(1, 3)) {
        if (value.list.empty() || value.list.back().kind == ValueKind::tensor) return;
        value.list.push_back(value.list.back());
      } else if (draft.choices.chance(1, 2)) {
        if (value.list.size() > shortest) value.list.pop_back();
      } else {
        const size_t at = draft.choices.below(value.list.size());
        corrupt(draft, value.list[at]);
      }
      return;
    default:
      return;
  }
}

}  // namespace

void add_fault(Draft& draft) {
  Call& call = draft.made.calls.back();
  const Operator* const op = draft.catalog.find(call.op);
  if (call.arguments.empty() || (is_internal(call.op) && writes(op))) return;
  for (int attempt = 0; attempt < 4; ++attempt) {
    const size_t at = draft.choices.below(call.arguments.size());
    if (is_internal(call.op) && call.arguments[at].kind == ValueKind::integer) {
      call.arguments[at].integer = draft.choices.pick(far_integers);
      return;
    }
    if (is_internal(call.op) && call.arguments[at].kind != ValueKind::tensor) continue;
    Value before = call.arguments[at];
    corrupt(draft, call.arguments[at], op ? min_elements(op->schema.arguments[at].type) : 0);
    const bool changed = before.kind == ValueKind::tensor || !(before == call.arguments[at]);
    if (changed) return;
  }
}

}  // namespace corpora
