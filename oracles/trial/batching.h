// Batching: what the layers `batched`, `nested` and `batching` of a path mean. A storage with the layer
// `batched` holds one copy of the case's storage for each example of a vmap, with `nested` for each of a vmap
// inside it, with both for each pair. The chosen example has the case's own values: its result is the result
// of the direct run. The others have the same elements in another order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/image.h"
#include "corpora/case/path.h"
#include "engine/core/dtype.h"
#include "oracles/trial/storage_layers.h"

namespace oracles {

struct Batching {
  static constexpr uint64_t numbers = 2048;  // of the layer `batching`

  explicit Batching(int32_t number);
  explicit Batching(const corpora::Path& path);  // its layer `batching`

  // By level: of the outer and of the inner vmap.
  std::array<int64_t, 2> sizes, chosen;
  int64_t position;       // decides where the batch dimensions are
  bool interleaved;       // the copies of one element are neighbours in memory
  bool reorders_indices;  // also integers have another order in the other examples
};

// The levels of a storage with these layers.
std::array<bool, 2> levels_of(const corpora::LayerSet& on);

// By how many elements the storage is rotated in an example.
int64_t rotation(const Batching& batching, const std::array<bool, 2>& levels, engine::DType dtype,
                 const std::array<int64_t, 2>& example);
std::vector<std::byte> rotated(engine::DType dtype, const std::vector<std::byte>& bytes, int64_t by);

// The copies of a storage for all examples, in one piece of memory.
std::vector<std::byte> batch_of(const Batching& batching, const std::array<bool, 2>& levels,
                                engine::DType dtype, const std::vector<std::byte>& bytes);

// The programs of the other examples.
std::vector<corpora::Case> other_examples(const corpora::Case& c, const corpora::Image& image,
                                          const corpora::Path& path);

// The same program on the chosen example where the batch holds it: as views of the memory of all examples.
corpora::Case views_of_batch(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path);

// The same program on inputs that are not contiguous: every element has a copy beside it in memory.
corpora::Case spaced_out(const corpora::Case& c, const corpora::Image& image);

}  // namespace oracles
