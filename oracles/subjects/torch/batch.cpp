#include "oracles/subjects/torch/batch.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>

#include "oracles/subjects/torch/inputs.h"

namespace oracles::aten {

namespace vmap = at::functorch;

Batch::Batch(const corpora::Path& path) : batching_(path), depth_(vmap::getDynamicLayerStack().size()) {
  const bool nests = has_layer(path, corpora::LayerKind::nested);
  for (size_t level = 0; level < (nests ? 2 : 1); ++level)
    levels_[level] = vmap::initAndPushDynamicLayer(vmap::TransformType::Vmap, batching_.sizes[level],
                                                   vmap::RandomnessType::Different);
}

Batch::~Batch() {
  while (vmap::getDynamicLayerStack().size() > depth_) vmap::popDynamicLayerAndDeleteMetadata();
}

void Batch::wrap(Inputs& inputs, const LayersByStorage& layers) const {
  for (Inputs::Input& input : inputs.inputs) {
    const Inputs::Unit& unit = inputs.storages[input.unit];
    const std::array<bool, 2> levels = levels_of(layers[static_cast<size_t>(unit.of)]);
    if (!levels[0] && !levels[1]) continue;
    const int64_t inner_count = levels[1] ? batching_.sizes[1] : 1;
    const int64_t count = inner_count * (levels[0] ? batching_.sizes[0] : 1);
    const auto elements = static_cast<int64_t>(unit.before->size() / engine::size_of(unit.dtype)) / count;
    const int64_t step = batching_.interleaved ? 1 : elements;  // from one example to the next
    if (batching_.interleaved) {
      for (int64_t& stride : input.strides) stride *= count;
      input.offset *= count;
    }
    Inputs::Input all = input;
    const auto insert = [&](size_t level, int64_t stride, int64_t position) {
      all.sizes.insert(all.sizes.begin() + position, batching_.sizes[level]);
      all.strides.insert(all.strides.begin() + position, stride);
      input.offset += stride * batching_.chosen[level];
    };
    std::array<int64_t, 2> positions{};
    for (const size_t level : {1, 0}) {
      if (!levels[level]) continue;
      positions[level] = batching_.position % static_cast<int64_t>(all.sizes.size() + 1);
      insert(level, level == 0 ? step * inner_count : step, positions[level]);
    }
    at::Tensor tensor = inputs.view(unit, all);
    for (const size_t level : {0, 1})
      if (levels[level]) tensor = vmap::makeBatched(tensor, positions[level], levels_[level]);
    input.passed = input.tensor = tensor;
  }
}

Seen Batch::chosen_of(const at::Tensor& tensor) const {
  const auto* batched = vmap::maybeGetBatchedImpl(tensor);
  if (batched == nullptr) return seen(tensor);
  Seen of_all = chosen_of(batched->value());
  if (of_all.storage == nullptr) return of_all;
  const auto dim = static_cast<std::ptrdiff_t>(batched->bdim());
  const size_t level = batched->level() == levels_[0] ? 0 : 1;
  of_all.offset += of_all.strides[static_cast<size_t>(dim)] * batching_.chosen[level];
  of_all.sizes.erase(of_all.sizes.begin() + dim);
  of_all.strides.erase(of_all.strides.begin() + dim);
  return of_all;
}

}  // namespace oracles::aten
