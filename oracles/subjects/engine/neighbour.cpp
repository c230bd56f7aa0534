#include "oracles/subjects/engine/neighbour.h"

#include <algorithm>
#include <array>

#include "oracles/trial/trial.h"

namespace oracles {

namespace {

// All elements of a storage are zeros, so that its size and dtype may change.
void clear(corpora::Storage& storage) {
  storage.rule = corpora::FillRule::zeros;
  storage.bytes.clear();
}

// Within its storage, whose size is another property.
void move_by_one(corpora::Case&, corpora::Input& input) { input.offset += input.offset > 0 ? -1 : 1; }

void change_dtype(corpora::Case& c, corpora::Input& input) {
  using engine::DType;
  corpora::Storage& storage = c.storage_of(input);
  clear(storage);
  storage.dtype = storage.dtype == DType::f32 ? DType::f64 : DType::f32;
}

void transpose(corpora::Case&, corpora::Input& input) {
  std::ranges::reverse(input.sizes);
  std::ranges::reverse(input.strides);
}

// The input gets memory of its own.
void separate(corpora::Case& c, corpora::Input& input) {
  corpora::Storage own = c.storage_of(input);
  input.storage = static_cast<int32_t>(c.storages.size());
  c.storages.push_back(std::move(own));
}

void grow_storage(corpora::Case& c, corpora::Input& input) {
  clear(c.storage_of(input));
  ++c.storage_of(input).elements;
}

// The first integer or boolean argument of the last call.
void change_number(corpora::Case& c, corpora::Input&) {
  for (corpora::Value& value : c.calls.back().arguments) {
    corpora::Value& number =
        value.kind == corpora::ValueKind::list && !value.list.empty() ? value.list[0] : value;
    if (number.kind == corpora::ValueKind::boolean) number.integer ^= 1;
    if (number.kind == corpora::ValueKind::integer && number.integer < 8) ++number.integer;
    if (number.kind == corpora::ValueKind::boolean || number.kind == corpora::ValueKind::integer) return;
  }
}

}  // namespace

corpora::Case neighbour_of(const corpora::Case& c) {
  constexpr std::array changes{move_by_one, change_dtype, transpose, separate, grow_storage, change_number};
  if (c.inputs.empty()) return c;
  corpora::PhiloxChoices choices(content_hash(c), 0, 0);
  corpora::Case changed = c;
  const auto change = choices.pick(changes);
  change(changed, changed.inputs[choices.below(changed.inputs.size())]);
  return corpora::fault_of(changed).empty() ? changed : c;
}

}  // namespace oracles
