#include "oracles/trial/batching.h"

#include <algorithm>
#include <cstring>

namespace oracles {

using corpora::LayerKind;

namespace {

int32_t number_in(const corpora::Path& path) {
  for (const corpora::Layer& layer : path)
    if (layer.kind == LayerKind::batching) return layer.storage;
  return 0;
}

int64_t copies(const Batching& batching, const std::array<bool, 2>& levels) {
  return (levels[0] ? batching.sizes[0] : 1) * (levels[1] ? batching.sizes[1] : 1);
}

}  // namespace

Batching::Batching(int32_t number)
    : sizes{2 + (number & 1), 2 + (number >> 1 & 1)},
      chosen{(number >> 2 & 3) % sizes[0], (number >> 4 & 3) % sizes[1]},
      position(number >> 6 & 7),
      interleaved((number & 512) != 0),
      reorders_indices((number & 1024) != 0) {}

Batching::Batching(const corpora::Path& path) : Batching(number_in(path)) {}

std::array<bool, 2> levels_of(const corpora::LayerSet& on) {
  return {on.has(LayerKind::batched), on.has(LayerKind::nested)};
}

int64_t rotation(const Batching& batching, const std::array<bool, 2>& levels, engine::DType dtype,
                 const std::array<int64_t, 2>& example) {
  if (engine::is_integral(dtype) && dtype != engine::DType::b8 && !batching.reorders_indices) return 0;
  int64_t by = 0;
  for (const size_t level : {1, 0}) {
    if (!levels[level]) continue;
    const int64_t size = batching.sizes[level];
    by = by * size + (example[level] - batching.chosen[level] + size) % size;
  }
  return by;
}

std::vector<std::byte> rotated(engine::DType dtype, const std::vector<std::byte>& bytes, int64_t by) {
  std::vector<std::byte> moved = bytes;
  const auto elements = static_cast<int64_t>(bytes.size() / engine::size_of(dtype));
  if (elements > 0)
    std::ranges::rotate(moved, moved.begin() + by % elements * static_cast<int64_t>(engine::size_of(dtype)));
  return moved;
}

std::vector<std::byte> batch_of(const Batching& batching, const std::array<bool, 2>& levels,
                                engine::DType dtype, const std::vector<std::byte>& bytes) {
  const auto count = static_cast<size_t>(copies(batching, levels));
  const size_t width = engine::size_of(dtype), elements = bytes.size() / width;
  std::vector<std::byte> all(elements * width * count);
  for (size_t k = 0; k < count; ++k) {
    const auto n = static_cast<int64_t>(k);
    const std::array<int64_t, 2> example{levels[1] ? n / batching.sizes[1] : n,
                                         levels[1] ? n % batching.sizes[1] : 0};
    const std::vector<std::byte> copy = rotated(dtype, bytes, rotation(batching, levels, dtype, example));
    for (size_t i = 0; i < elements; ++i)
      std::memcpy(all.data() + (batching.interleaved ? i * count + k : k * elements + i) * width,
                  copy.data() + i * width, width);
  }
  return all;
}

std::vector<corpora::Case> other_examples(const corpora::Case& c, const corpora::Image& image,
                                          const corpora::Path& path) {
  const Batching batching(path);
  const LayersByStorage layers = layers_by_storage(c, path);
  const bool nests = has_layer(path, LayerKind::nested);
  std::vector<corpora::Case> others;
  for (int64_t outer = 0; outer < batching.sizes[0]; ++outer)
    for (int64_t inner = 0; inner < (nests ? batching.sizes[1] : 1); ++inner) {
      const std::array<int64_t, 2> example{outer, nests ? inner : batching.chosen[1]};
      corpora::Case other = c;
      for (size_t s = 0; s < c.storages.size(); ++s) {
        corpora::Storage& storage = other.storages[s];
        const int64_t by = rotation(batching, levels_of(layers[s]), storage.dtype, example);
        if (by == 0) continue;
        storage.rule = corpora::FillRule::values;
        storage.bytes = rotated(storage.dtype, image.storages[s], by);
      }
      if (!(other == c)) others.push_back(std::move(other));
    }
  return others;
}

corpora::Case views_of_batch(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
  const Batching batching(path);
  const LayersByStorage layers = layers_by_storage(c, path);
  corpora::Case other = c;
  for (size_t s = 0; s < c.storages.size(); ++s) {
    const std::array<bool, 2> levels = levels_of(layers[s]);
    const int64_t count = copies(batching, levels);
    if (count == 1) continue;
    corpora::Storage& storage = other.storages[s];
    storage.rule = corpora::FillRule::values;
    storage.bytes = batch_of(batching, levels, storage.dtype, image.storages[s]);
    storage.elements *= count;
    const int64_t inner = levels[1] ? batching.sizes[1] : 1;
    const int64_t example =
        (levels[0] ? batching.chosen[0] * inner : 0) + (levels[1] ? batching.chosen[1] : 0);
    for (corpora::Input& input : other.inputs) {
      if (static_cast<size_t>(input.storage) != s) continue;
      if (batching.interleaved) {
        for (int64_t& stride : input.strides) stride *= count;
        input.offset = input.offset * count + example;
      } else {
        input.offset += example * c.storages[s].elements;
      }
    }
  }
  return other;
}

corpora::Case spaced_out(const corpora::Case& c, const corpora::Image& image) {
  constexpr int32_t two_interleaved = 512;
  corpora::Case other = c;
  for (size_t s = 0; s < c.storages.size(); ++s) {
    corpora::Storage& storage = other.storages[s];
    storage.rule = corpora::FillRule::values;
    storage.bytes = batch_of(Batching(two_interleaved), {true, false}, storage.dtype, image.storages[s]);
    storage.elements *= 2;
  }
  for (corpora::Input& input : other.inputs) {
    for (int64_t& stride : input.strides) stride *= 2;
    input.offset *= 2;
  }
  return other;
}

}  // namespace oracles
