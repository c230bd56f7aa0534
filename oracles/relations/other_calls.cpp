#include "oracles/relations/other_calls.h"

#include <algorithm>

#include "oracles/compare/element_bytes.h"

namespace oracles {

namespace {

using corpora::Case;
using corpora::FillRule;
using engine::DType;

DType other_dtype(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return DType::f64;
    case DType::c64:
      return DType::c128;
    case DType::c128:
      return DType::c64;
    case DType::i64:
      return DType::i32;
    case DType::i32:
      return DType::i64;
    default:
      return engine::is_floating(dtype) ? DType::f32 : dtype;
  }
}

Case with_other_dtypes(const Case& c) {
  Case other = c;
  for (corpora::Storage& storage : other.storages) {
    const DType dtype = other_dtype(storage.dtype);
    if (storage.rule == FillRule::values) storage.bytes = converted(storage.bytes, storage.dtype, dtype);
    storage.dtype = dtype;
  }
  return other;
}

// Explicit values are replaced, too, except integers, which may be indices.
Case with_other_values(const Case& c) {
  Case other = c;
  for (corpora::Storage& storage : other.storages) {
    if (engine::is_integral(storage.dtype)) continue;
    storage.rule = storage.rule == FillRule::positive ? FillRule::unit : FillRule::positive;
    storage.rng_seed += 1;
    storage.bytes.clear();
  }
  return other;
}

void change_numbers(corpora::Value& value) {
  if (value.kind == corpora::ValueKind::real) value.real = value.real * 0.5 + 0.25;
  for (corpora::Value& element : value.list) change_numbers(element);
}

Case with_other_numbers(const Case& c) {
  Case other = c;
  for (corpora::Call& call : other.calls)
    for (corpora::Value& value : call.arguments) change_numbers(value);
  return other;
}

// All sizes that are equal change together. Inputs become contiguous, each in a storage of its own.
Case with_other_sizes(const Case& c, int64_t factor) {
  Case other = c;
  other.storages.clear();
  for (corpora::Input& input : other.inputs) {
    corpora::Storage storage = c.storage_of(input);
    for (int64_t& size : input.sizes)
      if (size > 1) size *= factor;
    input.strides = engine::contiguous_strides(input.sizes);
    input.offset = 0;
    input.storage = static_cast<int32_t>(other.storages.size());
    storage.elements = engine::element_count(input.sizes);
    if (storage.rule == FillRule::values)
      storage.rule = engine::is_integral(storage.dtype) ? FillRule::zeros : FillRule::positive;
    storage.bytes.clear();
    other.storages.push_back(std::move(storage));
  }
  return other;
}

}  // namespace

std::vector<Case> other_calls(const Case& c) {
  constexpr int64_t twice = 2;
  constexpr int64_t elements_max = 1 << 14;
  std::vector<Case> all{with_other_sizes(c, twice), with_other_dtypes(c), with_other_numbers(c),
                        with_other_values(c)};
  std::erase_if(all, [&](Case& other) {
    other.header = {};
    int64_t elements = 0;
    for (const corpora::Storage& storage : other.storages) elements += storage.elements;
    return elements > elements_max || !corpora::fault_of(other).empty();
  });
  for (const corpora::Storage& storage : c.storages)
    if (storage.elements > elements_max) return {};
  Case itself = c;
  itself.header = {};
  std::erase(all, itself);
  return all;
}

}  // namespace oracles
