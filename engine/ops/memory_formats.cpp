#include "engine/ops/memory_formats.h"

#include "engine/core/error.h"
#include "engine/ops/geometry_rules.h"

namespace engine::ops {

namespace {

Dims channels_last(IntSpan sizes, size_t rank) {
  if (sizes.size() != rank)
    throw Error("required rank " + std::to_string(rank) + " tensor to use channels_last format");
  Dims strides(rank);
  int64_t step = 1;
  const auto next = [&](size_t d) {
    strides[d] = step;
    step *= std::max<int64_t>(sizes[d], 1);
  };
  next(1);
  for (size_t d = rank; d-- > 2;) next(d);
  next(0);
  return strides;
}

}  // namespace

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
