// Geometry of one drawn view: sizes are given; strides, offset and the storage's length are drawn. Most views
// are plain blocks; the others are what operators get wrong: permuted, stepped, offset, expanded,
// overlapping.
#pragma once

#include "corpora/case/choice_source.h"
#include "engine/core/shape.h"

namespace corpora {

struct View {
  engine::Dims strides;
  int64_t offset = 0;
  int64_t elements = 0;  // of the storage
};

enum class Freedom : uint8_t {
  plain,     // a block that begins with its storage
  disjoint,  // any strides and offset, but no element is reached twice
  any
};

View draw_view(ChoiceSource& choices, const engine::Dims& sizes, Freedom freedom);

}  // namespace corpora
