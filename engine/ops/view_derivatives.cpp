#include "engine/ops/view_derivatives.h"

#include "engine/ops/geometry_rules.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

Tensor reshaped(Backward& at) { return at.ops.reshape(at.grad(), at.argument(0).sizes().copy()); }

Tensor embedded(Backward& at, std::string_view op) {
  const std::span<const Value> given = at.args().values();
  std::vector<Value> arguments(given.begin(), given.end());
  const Tensor zeros = at.ops.contiguous_zeros_like(at.argument(0));
  arguments[0] = zeros;
  at.ops("aten::copy_", {at.ops(op, std::move(arguments)), at.grad()});
  return zeros;
}

Tensor unstrided(Backward& at) {
  const CallArguments args = at.args();
  const Tensor& self = at.argument(0);
  const Dims &sizes = args.integers(1), &strides = args.integers(2);
  const int64_t offset = args.is_none(3) ? self.offset() : args.integer(3);
  const int64_t reached = std::max(offset + extent_of(sizes, strides).high,
                                   self.offset() + extent_of(self.sizes(), self.strides()).high);
  const Value device = self.device();
  const auto seen = [&](const Tensor& memory, IntSpan of, IntSpan by, int64_t from) {
    return at.ops("aten::as_strided", {memory, of.copy(), by.copy(), from});
  };
  const auto summed = [&](const Tensor& what, IntSpan of, IntSpan by, int64_t from) {
    const Tensor zeros = at.ops("aten::zeros", {Dims{reached}, what.dtype(), Value(), device});
    if (!may_overlap(of, by)) {  // nothing to sum
      at.ops("aten::copy_", {seen(zeros, of, by, from), what});
      return zeros;
    }
    const Tensor places = seen(at.ops("aten::arange", {reached, Value(), Value(), device}), of, by, from);
    return at.ops("aten::scatter_add",
                  {zeros, 0, at.ops.reshape(places, Dims{-1}), at.ops.reshape(what, Dims{-1})});
  };
  Tensor memory = summed(at.grad(), sizes, strides, offset);
  if (overlaps_itself(self)) {
    const Tensor ones = at.ops("aten::ones_like", {self});
    memory = at.ops.div(memory, summed(ones, self.sizes(), self.strides(), self.offset()));
  }
  return at.ops("aten::clone",
                {seen(memory, self.sizes(), self.strides(), self.offset()), MemoryFormat::contiguous});
}

Tensor unpermuted(Backward& at) {
  const CallArguments args = at.args();
  const Dims& dims = args.integers(1);
  Dims back(dims.size());
  for (size_t i = 0; i < dims.size(); ++i) back[wrapped_dim(dims[i], dims.size())] = static_cast<int64_t>(i);
  return at.ops("aten::permute", {at.grad(), back});
}

Tensor stacked(Backward& at) {
  std::vector<Tensor> parts;
  for (size_t k = 0; k < at.result_count(); ++k)
    parts.push_back(at.grad(k).defined() ? at.grad(k) : at.ops.zeros_like(at.result(k)));
  return at.ops("aten::stack", {parts, at.args().integer(1)});
}

}  // namespace engine::ops
