#include "oracles/trial/widened.h"

#include "oracles/compare/element_bytes.h"

namespace oracles {

namespace {

using engine::DType;

void widen_dtypes(corpora::Value& value) {
  if (value.kind == corpora::ValueKind::dtype) value.dtype = wide_dtype(value.dtype).value_or(value.dtype);
  for (corpora::Value& element : value.list) widen_dtypes(element);
}

}  // namespace

std::optional<DType> wide_dtype(DType dtype) {
  switch (dtype) {
    case DType::f16:
    case DType::bf16:
    case DType::f32:
      return DType::f64;
    case DType::c64:
      return DType::c128;
    default:
      return std::nullopt;
  }
}

std::optional<corpora::Case> widened(const corpora::Case& c, const corpora::Image& image) {
  corpora::Case wide = c;
  bool any = false;
  int64_t bytes = 0;
  for (size_t s = 0; s < wide.storages.size(); ++s) {
    corpora::Storage& storage = wide.storages[s];
    if (storage.rule == corpora::FillRule::values && !wide_dtype(storage.dtype))
      bytes += static_cast<int64_t>(storage.bytes.size());
    const std::optional<DType> dtype = wide_dtype(storage.dtype);
    if (!dtype) continue;
    any = true;
    bytes += storage.elements * static_cast<int64_t>(engine::size_of(*dtype));
    if (bytes > corpora::CaseLimits::explicit_bytes) return std::nullopt;
    storage.bytes = converted(image.storages[s], storage.dtype, *dtype);
    storage.dtype = *dtype;
    storage.rule = corpora::FillRule::values;
    storage.rng_seed = 0;
  }
  for (corpora::Call& call : wide.calls)
    for (corpora::Value& value : call.arguments) widen_dtypes(value);
  return any ? std::optional(std::move(wide)) : std::nullopt;
}

}  // namespace oracles
