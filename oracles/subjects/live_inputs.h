// LiveInputs: a case's inputs as tensors of a library, transformed by the layers of a path, as far as it is
// the same for every library. Promises: views keep sizes, strides and offset, and views of one storage share
// it and its version counter. The layer `contiguous` gives each input its own storage.
//
// A library derives its inputs from this class and has:
//   bool holds_data(LayerSet on) const             whether a storage with these layers has memory
//   void allocate(Unit&, size_t bytes, LayerSet)   makes unit.storage, with the bytes of unit.before, if any
//   Tensor view(const Unit&, const Input&)         a tensor over the unit's storage
#pragma once

#include <utility>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/image.h"
#include "engine/core/shape.h"
#include "engine/core/small_vector.h"
#include "oracles/compare/element_bytes.h"
#include "oracles/trial/storage_layers.h"

namespace oracles {

// `Base`: what the library needs to make a view, in addition to the storage.
template <class TensorType, class StorageType, class Base>
class LiveInputs {
 public:
  using Tensor = TensorType;
  using Storage = StorageType;

  // Memory that inputs view: a storage of the case or, with the layer `contiguous`, one input's copy.
  struct Unit {
    int32_t of = 0;  // the case's storage
    engine::DType dtype = engine::DType::f32;
    Storage storage;
    Base base;
    const std::vector<std::byte>* before = nullptr;  // physical bytes before the call; null: it holds no data
    std::vector<std::byte> own;                      // what `before` points to, unless that is the image

    void remember(std::vector<std::byte> bytes) {
      own = std::move(bytes);
      before = &own;
    }
  };
  struct Input {
    Tensor tensor;
    size_t unit = 0;
    engine::Dims sizes, strides;
    int64_t offset = 0;
    Tensor passed = {};  // what calls get: the tensor, or its wrapper
  };

  engine::SmallVector<Unit> storages;
  engine::SmallVector<Input> inputs;

 protected:
  template <class Library>
  void transform(Library& library, const corpora::Case& c, const corpora::Image& image,
                 const corpora::Path& path) {
    const LayersByStorage layers = layers_by_storage(c, path);
    const bool copied = has_layer(path, corpora::LayerKind::contiguous);
    storages.reserve(copied ? c.inputs.size() : c.storages.size());
    for (size_t s = 0; s < c.storages.size() && !copied; ++s)
      library.allocate(add_unit(library, c, s, image.storages[s], layers[s]), image.storages[s].size(),
                       layers[s]);
    inputs.reserve(c.inputs.size());
    for (const corpora::Input& input : c.inputs) {
      const auto s = static_cast<size_t>(input.storage);
      Input& made = inputs.emplace_back();
      made.unit = copied ? storages.size() : s;
      made.sizes = input.sizes;
      made.strides = copied ? engine::contiguous_strides(input.sizes) : input.strides;
      made.offset = copied ? 0 : input.offset;
      if (copied) {
        const std::vector<std::byte> bytes =
            gathered(c.storages[s].dtype, image.storages[s].data(), input.sizes, input.strides, input.offset);
        Unit& unit = add_unit(library, c, s, bytes, layers[s]);
        if (unit.before == &bytes) unit.remember(bytes);
        library.allocate(unit, bytes.size(), layers[s]);
      }
      made.passed = made.tensor = library.view(storages[made.unit], made);
    }
  }

 private:
  template <class Library>
  Unit& add_unit(const Library& library, const corpora::Case& c, size_t s,
                 const std::vector<std::byte>& bytes, corpora::LayerSet on) {
    Unit& unit = storages.emplace_back();
    unit.of = static_cast<int32_t>(s);
    unit.dtype = c.storages[s].dtype;
    if (!library.holds_data(on)) return unit;
    unit.before = &bytes;
    if (changes_bytes(on)) {
      unit.remember(bytes);
      change_bytes(unit.dtype, on, unit.own);
    }
    return unit;
  }
};

}  // namespace oracles
