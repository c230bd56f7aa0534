// The geometry of one view: its sizes are given; strides, offset and the storage's length are drawn. Many
// views are contiguous; the others are permuted, stepped, offset, expanded or overlapping, where operators
// have bugs.
#pragma once

#include "corpora/case/choice_source.h"
#include "engine/core/shape.h"

namespace corpora {

struct View {
  engine::Dims strides;
  int64_t offset = 0;
  int64_t elements = 0;  // of the storage
};

enum class Layout : uint8_t {
  contiguous,  // without an offset
  disjoint,    // any strides and offset, but no two elements share memory
  any
};

View draw_view(ChoiceSource& choices, const engine::Dims& sizes, Layout layout);

}  // namespace corpora
