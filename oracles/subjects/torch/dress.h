// Dressing: a case's inputs built as live tensors, the way a path's layers ask for.
// Promises: views keep sizes, strides and offset exactly, views of one storage share it and its version
// counter, and every CPU storage lies in the guarded allocator. The layer `contiguous` gives each input its
// own storage.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <string>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/image.h"
#include "oracles/subjects/torch/operators.h"

namespace oracles::aten {

// Memory that dressed inputs view: a storage of the case, or, when contiguous, one input's own copy.
struct DressedStorage {
  int32_t of = 0;  // the case's storage
  engine::DType dtype = engine::DType::f32;
  c10::Storage storage;
  const std::vector<std::byte>* before = nullptr;  // physical bytes at the start; nullptr: it holds no data
  std::vector<std::byte> own;  // what `before` points to when the layers changed the image's bytes
};

struct DressedInput {
  at::Tensor tensor;
  int32_t unit = 0;  // index of its DressedStorage
  engine::Dims sizes, strides;
  int64_t offset = 0;
};

struct Dressed {
  std::vector<DressedStorage> storages;
  std::vector<DressedInput> inputs;
  uint8_t keys = 0;  // DressKeys put on tensors
  bool meta = false;
  bool typed = false;
  bool other_pattern = false;
};

// What the path asks for, without building anything: keys and flags.
Dressed plan_of(const corpora::Path& path);

// Why the path cannot dress this case, or empty.
std::string dressing_refusal(const corpora::Case& c, const corpora::Path& path);

// Fills the storages and inputs of a plan.
void dress(Dressed& dressed, const corpora::Case& c, const corpora::Image& image, const corpora::Path& path);

}  // namespace oracles::aten
