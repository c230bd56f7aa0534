#include "engine/ops/memory_formats.h"

#include <fmt/core.h>

#include <algorithm>

#include "engine/core/error.h"
#include "engine/ops/geometry_rules.h"

namespace engine::ops {

namespace {

Dims channels_last(IntSpan sizes, size_t rank) {
  if (sizes.size() != rank)
    throw Error(fmt::format("required rank {} tensor to use channels_last format", rank));
  SmallVector<size_t, 8> innermost_first{1};
  for (size_t d = rank; d-- > 2;) innermost_first.push_back(d);
  innermost_first.push_back(0);
  return strides_in_order(sizes, span_of(innermost_first));
}

// Channels innermost, then the spatial dimensions from the last, the batch outermost. False if dimensions of
// size 1 leave the order open.
bool is_channels_last(IntSpan sizes, IntSpan strides) {
  if (strides[1] == 0) return false;
  int64_t least = 0;
  const auto fits = [&](size_t d) {
    if (sizes[d] == 0 || strides[d] < least) return false;
    if (d == 0 && least == strides[1]) return false;
    least = strides[d] * std::max<int64_t>(sizes[d], 1);
    return true;
  };
  if (!fits(1)) return false;
  for (size_t d = sizes.size(); d-- > 2;)
    if (!fits(d)) return false;
  return fits(0);
}

}  // namespace

MemoryFormat suggested_format(const Tensor& tensor) {
  const size_t rank = tensor.rank();
  if ((rank != 4 && rank != 5) || !is_channels_last(tensor.sizes(), tensor.strides()))
    return MemoryFormat::contiguous;
  return rank == 4 ? MemoryFormat::channels_last : MemoryFormat::channels_last_3d;
}

Dims strides_for(MemoryFormat format, IntSpan sizes) {
  switch (format) {
    case MemoryFormat::contiguous:
      return contiguous_strides(sizes);
    case MemoryFormat::channels_last:
      return channels_last(sizes, 4);
    case MemoryFormat::channels_last_3d:
      return channels_last(sizes, 5);
    case MemoryFormat::preserve:
      break;
  }
  throw Error("unsupported memory format option Preserve");
}

Dims strides_for(MemoryFormat format, const Tensor& model) {
  return format == MemoryFormat::preserve ? preserved_strides(model) : strides_for(format, model.sizes());
}

bool is_contiguous_as(MemoryFormat format, const Tensor& tensor) {
  if (format == MemoryFormat::preserve)
    throw Error("preserve memory format is unsupported by the contiguous operator");
  const Dims wanted = strides_for(format, tensor.sizes());
  return significant_strides(tensor.sizes(), tensor.strides()) == significant_strides(tensor.sizes(), wanted);
}

}  // namespace engine::ops
