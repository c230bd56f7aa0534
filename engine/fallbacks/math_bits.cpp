// Negative and Conjugate: kernels see resolved copies of tensors with lazy bits. They also write to such
// copies, which are then copied through the bit to the original tensors: so all reads of a call come before
// its writes, and other elements of that memory stay as they are.
#include "engine/dispatch/operator.h"
#include "engine/fallbacks/fallbacks.h"
#include "engine/ops/form_kernels.h"
#include "engine/ops/resolve.h"

namespace engine::fallbacks {

namespace {

// Applies to the original what the kernel did to its copy: resizing, or an in-place view.
void follow(const Tensor& original, const ops::Written& written) {
  const Tensor& plain = written.plain;
  const int64_t moved = plain.offset() - written.offset;
  if (moved == 0 && original.sizes() == plain.sizes() && original.strides() == plain.strides()) return;
  original.set_geometry(original.sizes(), original.strides(), original.offset() + moved);
  ops::resize_to(original, plain.sizes(), plain.strides());
}

template <DispatchKey bit>
void serve(const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(call.schema().arguments.size());
  const std::vector<ops::Written> written = ops::resolve_arguments(call, arguments, bit);
  call.op().redispatch_boxed(call.keys & KeySet::full_after(bit), stack);
  for (const ops::Written& each : written) {
    follow(each.original, each);
    ops::copy_below(call.dispatcher(), each.original, each.plain, bit);
    for (Value& result : stack.last(call.schema().returns.size()))
      ops::replace_tensors(
          result, [&](const Tensor& tensor) { return tensor.is_same(each.plain); },
          [&](const Tensor&) { return each.original; });
  }
}

}  // namespace

Kernel negative() { return Kernel::from_boxed(serve<DispatchKey::Negative>); }
Kernel conjugate() { return Kernel::from_boxed(serve<DispatchKey::Conjugate>); }

}  // namespace engine::fallbacks
