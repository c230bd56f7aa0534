#include "oracles/relations/overlapping_write.h"

#include <cstring>
#include <optional>

#include "corpora/case/far_sizes.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/experiments.h"

namespace oracles {

namespace {

// The places of a view's elements in its storage, in row-major order of their indices.
std::vector<int64_t> places_of(const corpora::Input& view) {
  const int64_t count = engine::element_count(view.sizes);
  std::vector<int64_t> places;
  engine::Dims index(view.sizes.size(), 0);
  int64_t place = view.offset;
  while (static_cast<int64_t>(places.size()) < count) {
    places.push_back(place);
    for (size_t d = view.sizes.size(); d-- > 0;) {
      place += view.strides[d];
      if (++index[d] < view.sizes[d]) break;
      place -= view.sizes[d] * view.strides[d];
      index[d] = 0;
    }
  }
  return places;
}

// The storage after the result was written through the view; nothing if an element has two values.
std::optional<std::vector<std::byte>> written_through(const corpora::Input& view,
                                                      const TensorSnapshot& result,
                                                      std::vector<std::byte> bytes) {
  const size_t size = engine::size_of(result.dtype);
  const std::vector<int64_t> places = places_of(view);
  std::vector<bool> is_written(bytes.size() / size, false);
  for (size_t i = 0; i < places.size(); ++i) {
    const auto place = static_cast<size_t>(places[i]);
    const std::byte* value = result.values.data() + i * size;
    if (is_written[place] && std::memcmp(bytes.data() + place * size, value, size) != 0) return std::nullopt;
    std::memcpy(bytes.data() + place * size, value, size);
    is_written[place] = true;
  }
  return bytes;
}

}  // namespace

bool is_defined_for(Trial& trial, int32_t written, const TensorSnapshot& result,
                    const corpora::Path& journal_path) {
  corpora::Case again = trial.test_case();
  const corpora::Input& view = again.inputs[static_cast<size_t>(written)];
  corpora::Storage& storage = again.storages[static_cast<size_t>(view.storage)];
  if (view.sizes != result.sizes || storage.dtype != result.dtype) return false;
  if (is_random(trial) || corpora::has_far_size(again)) return false;
  auto bytes = written_through(view, result, trial.image().storages[static_cast<size_t>(view.storage)]);
  if (!bytes) return false;
  storage.rule = corpora::FillRule::values;
  storage.rng_seed = 0;
  storage.bytes = std::move(*bytes);
  const Outcome repeated = trial.run(again, {}, journal_path);
  if (!passes(repeated, again.calls.size() - 1)) return false;
  const TensorSnapshot* returned = tensor_result(repeated.last(), 0);
  return returned && returned->has_values && returned->values == result.values;
}

}  // namespace oracles
