#include "engine/core/symbolic_geometry.h"

#include <algorithm>

namespace engine {

const SymbolicGeometry* symbolic_geometry(const Tensor& tensor) {
  const auto* const found = attachment_of<SymbolicGeometry>(tensor);
  return found && !found->sizes.empty() ? found : nullptr;
}

void set_symbolic_geometry(const Tensor& tensor, SymDims sizes, SymDims strides, SymInt offset) {
  const bool any = offset.is_symbol() || std::ranges::any_of(sizes, &SymInt::is_symbol) ||
                   std::ranges::any_of(strides, &SymInt::is_symbol);
  auto* found = attachment_of<SymbolicGeometry>(tensor);
  if (!any && !found) return;
  if (!found) {
    const auto made = make_intrusive<SymbolicGeometry>();
    found = made.get();
    attach(tensor, made);
  }
  if (!any) sizes.clear();
  found->sizes = std::move(sizes);
  found->strides = std::move(strides);
  found->offset = std::move(offset);
}

SymDims sym_dims(IntSpan numbers) { return {numbers.begin(), numbers.end()}; }

SymDims sym_sizes(const Tensor& tensor) {
  const SymbolicGeometry* const symbols = symbolic_geometry(tensor);
  return symbols ? symbols->sizes : sym_dims(tensor.sizes());
}

SymDims sym_strides(const Tensor& tensor) {
  const SymbolicGeometry* const symbols = symbolic_geometry(tensor);
  return symbols ? symbols->strides : sym_dims(tensor.strides());
}

SymInt sym_offset(const Tensor& tensor) {
  const SymbolicGeometry* const symbols = symbolic_geometry(tensor);
  return symbols ? symbols->offset : SymInt(tensor.offset());
}

SymInt sym_count(const Tensor& tensor) {
  SymInt count = 1;
  for (const SymInt& size : sym_sizes(tensor)) count *= size;
  return count;
}

}  // namespace engine
