#include "corpora/case/simpler_edit.h"

#include <algorithm>
#include <numeric>

#include "corpora/case/image.h"
#include "corpora/case/image_bits.h"

namespace corpora::edit {
namespace {

using engine::Dims;

constexpr int32_t gone = -1;

// Old index -> new index, or `gone`.
std::vector<int32_t> numbering(const std::vector<bool>& kept) {
  std::vector<int32_t> numbers(kept.size(), gone);
  int32_t next = 0;
  for (size_t i = 0; i < kept.size(); ++i)
    if (kept[i]) numbers[i] = next++;
  return numbers;
}

template <class T>
void keep_only(std::vector<T>& items, const std::vector<bool>& kept) {
  size_t to = 0;
  for (size_t i = 0; i < items.size(); ++i)
    if (kept[i]) {
      if (to != i) items[to] = std::move(items[i]);
      ++to;
    }
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(to), items.end());
}

void drop_unused_inputs(Case& c) {
  std::vector<bool> used(c.inputs.size(), false);
  for_each_tensor(c, [&](const TensorRef& ref) {
    if (ref.is_input()) used[static_cast<size_t>(ref.index)] = true;
  });
  const std::vector<int32_t> numbers = numbering(used);
  for_each_tensor(c, [&](TensorRef& ref) {
    if (ref.is_input()) ref.index = numbers[static_cast<size_t>(ref.index)];
  });
  keep_only(c.inputs, used);
}

void drop_unused_storages(Case& c) {
  std::vector<bool> used(c.storages.size(), false);
  for (const Input& input : c.inputs) used[static_cast<size_t>(input.storage)] = true;
  const std::vector<int32_t> numbers = numbering(used);
  for (Input& input : c.inputs) input.storage = numbers[static_cast<size_t>(input.storage)];
  keep_only(c.storages, used);
  Path path;
  for (Layer layer : c.header.path) {
    if (layer.row().names_a_storage()) {
      layer.storage = numbers[static_cast<size_t>(layer.storage)];
      if (layer.storage == gone) continue;
    }
    path.push_back(layer);
  }
  c.header.path = std::move(path);
}

int64_t reach_of(const Dims& sizes, const Dims& strides) { return engine::extent_of(sizes, strides).high; }

// The values of the old view in the new geometry; zeros if the old view is empty and the new one is not.
std::vector<std::byte> gathered(const Storage& storage, const Input& old, const Geometry& geometry) {
  const size_t size = engine::size_of(storage.dtype);
  const int64_t elements = reach_of(geometry.sizes, geometry.strides);
  std::vector<std::byte> bytes(static_cast<size_t>(elements) * size);
  Dims old_strides;
  int64_t offset = old.offset;
  for (size_t d = 0; d < geometry.from.size(); ++d) {
    const size_t from = geometry.from[d];
    old_strides.push_back(old.strides[from]);
    if (geometry.from_end) offset += (old.sizes[from] - geometry.sizes[d]) * old.strides[from];
  }
  std::vector<int64_t> source;
  engine::for_each_position(geometry.sizes, old_strides, offset, [&](int64_t at) { source.push_back(at); });
  size_t next = 0;
  engine::for_each_position(geometry.sizes, geometry.strides, 0, [&](int64_t at) {
    const int64_t from = source[next++];
    if (from < storage.elements)
      std::copy_n(storage.bytes.begin() + from * static_cast<int64_t>(size), size,
                  bytes.begin() + at * static_cast<int64_t>(size));
  });
  return bytes;
}

}  // namespace

void drop_unused(Case& c) {
  drop_unused_inputs(c);
  drop_unused_storages(c);
}

TensorRef substitute_for(Case& c, TensorRef result) {
  while (!result.is_input()) {
    std::optional<TensorRef> first;
    for_each_tensor(c.calls[static_cast<size_t>(result.call)], [&](const TensorRef& ref) {
      if (!first) first = ref;
    });
    if (!first) {
      if (c.inputs.empty()) {
        c.inputs.push_back({static_cast<int32_t>(c.storages.size()), {2}, {1}, 0});
        c.storages.push_back({engine::DType::f32, 2, FillRule::ones, 0, {}});
      }
      return {-1, 0};
    }
    result = *first;  // of an earlier call, so that the loop ends
  }
  return result;
}

void drop_call(Case& c, size_t k) {
  const TensorRef substitute = substitute_for(c, {static_cast<int32_t>(k), 0});
  for_each_tensor(c, [&](TensorRef& ref) {
    if (ref.call == static_cast<int32_t>(k))
      ref = substitute;
    else if (ref.call > static_cast<int32_t>(k))
      --ref.call;
  });
  c.calls.erase(c.calls.begin() + static_cast<std::ptrdiff_t>(k));
}

bool shares_storage(const Case& c, size_t input) {
  return std::ranges::count(c.inputs, c.inputs[input].storage, &Input::storage) > 1;
}

void own_storage(Case& c, size_t input) {
  if (!shares_storage(c, input)) return;
  c.storages.push_back(Storage(c.storage_of(c.inputs[input])));
  c.inputs[input].storage = static_cast<int32_t>(c.storages.size() - 1);
}

void trim_storages(Case& c) {
  struct Span {
    int64_t low = INT64_MAX, high = 0;
  };
  std::vector<Span> spans(c.storages.size());
  for (const Input& input : c.inputs) {
    const int64_t reach = reach_of(input.sizes, input.strides);
    if (reach == 0) continue;
    Span& span = spans[static_cast<size_t>(input.storage)];
    span.low = std::min(span.low, input.offset);
    span.high = std::max(span.high, input.offset + reach);
  }
  for (Span& span : spans) span.low = std::min(span.low, span.high);
  for (Input& input : c.inputs) {
    const Span& span = spans[static_cast<size_t>(input.storage)];
    const bool empty = reach_of(input.sizes, input.strides) == 0;
    input.offset = empty ? 0 : input.offset - span.low;
  }
  for (size_t s = 0; s < c.storages.size(); ++s) {
    Storage& storage = c.storages[s];
    storage.elements = spans[s].high - spans[s].low;
    if (storage.rule != FillRule::values) continue;
    const auto size = static_cast<std::ptrdiff_t>(engine::size_of(storage.dtype));
    storage.bytes.erase(storage.bytes.begin() + spans[s].high * size, storage.bytes.end());
    storage.bytes.erase(storage.bytes.begin(), storage.bytes.begin() + spans[s].low * size);
  }
}

void relayout(Case& c, size_t index, const Geometry& geometry) {
  Input& input = c.inputs[index];
  if (shares_storage(c, index)) {
    Dims strides;
    for (size_t from : geometry.from) strides.push_back(input.strides[from]);
    input.sizes = geometry.sizes;
    input.strides = std::move(strides);
    return;
  }
  Storage& storage = c.storage_of(input);
  if (storage.rule == FillRule::values) {
    // A view that was expanded may have far more elements than its storage.
    if (engine::element_count(geometry.sizes) > CaseLimits::explicit_bytes / 16)
      set_rule(storage, FillRule::ones);
    else
      storage.bytes = gathered(storage, input, geometry);
  }
  storage.elements = reach_of(geometry.sizes, geometry.strides);
  input.sizes = geometry.sizes;
  input.strides = geometry.strides;
  input.offset = 0;
}

Dims dense_strides(const Dims& sizes, const Dims& like) {
  std::vector<size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t d) { return std::pair(like[d], order.size() - d); });
  Dims strides(sizes.size(), 0);
  int64_t step = 1;
  for (size_t d : order) {
    if (like[d] == 0) continue;
    strides[d] = step;
    step *= std::max<int64_t>(sizes[d], 1);
  }
  return strides;
}

Geometry resized(const Input& input, const Dims& sizes, const std::vector<size_t>& from) {
  Geometry geometry{sizes, {}, from};
  if (engine::is_contiguous(input.sizes, input.strides)) {
    geometry.strides = engine::contiguous_strides(sizes);
    return geometry;
  }
  for (size_t d : from) geometry.strides.push_back(input.strides[d]);
  const bool dense = engine::significant_strides(input.sizes, dense_strides(input.sizes, input.strides)) ==
                     engine::significant_strides(input.sizes, input.strides);
  if (dense) geometry.strides = dense_strides(sizes, geometry.strides);
  return geometry;
}

std::vector<size_t> all_dimensions(const Input& input) {
  std::vector<size_t> dimensions(input.sizes.size());
  std::iota(dimensions.begin(), dimensions.end(), size_t{0});
  return dimensions;
}

void set_dtype(Storage& storage, engine::DType dtype) {
  if (storage.rule == FillRule::values) {
    const engine::DType from = engine::component_of(storage.dtype);
    const engine::DType to = engine::component_of(dtype);
    const size_t parts = engine::is_complex(dtype) && engine::is_complex(storage.dtype) ? 2 : 1;
    std::vector<std::byte> bytes(static_cast<size_t>(storage.elements) * engine::size_of(dtype));
    for (size_t i = 0; i < static_cast<size_t>(storage.elements); ++i) {
      const std::byte* const old_element = storage.bytes.data() + i * engine::size_of(storage.dtype);
      std::byte* const element = bytes.data() + i * engine::size_of(dtype);
      for (size_t part = 0; part < parts; ++part)
        write_number(to, read_number(from, old_element + part * engine::size_of(from)),
                     element + part * engine::size_of(to));
    }
    storage.bytes = std::move(bytes);
  }
  storage.dtype = dtype;
}

void set_rule(Storage& storage, FillRule rule) {
  storage.bytes = rule == FillRule::values ? bytes_of(storage) : std::vector<std::byte>();
  storage.rule = rule;
  if (!is_random(rule)) storage.rng_seed = 0;
}

}  // namespace corpora::edit
