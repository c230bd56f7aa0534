#include "engine/autograd/view.h"

#include "engine/core/error.h"
#include "engine/core/shape.h"
#include "engine/ops/formulas.h"

namespace engine::autograd {

namespace {

Tensor follow(const ViewStep& step, const Tensor& base) {
  Stack stack;
  stack.push_back(step.before ? follow(*step.before, base) : base);
  for (const Value& value : step.other_arguments) stack.push_back(value);
  step.op.call_boxed(stack);
  const Value& made = stack.back();
  return made.is_tensor() ? made.tensor() : made.tensors()[step.result];
}

}  // namespace

Tensor View::of(const Tensor& other) const { return last ? follow(*last, other) : other; }

Tensor View::of_base() const {
  if (base.sizes() != geometry.sizes() || base.strides() != geometry.strides() || base.offset() != offset)
    throw Error("the geometry of a view's base was changed in place: no gradient can follow the view");
  return of(base);
}

Tensor View::zeros_like_base(Dispatcher& dispatcher, DType dtype, Device device) const {
  const ops::Formulas ops(dispatcher);
  const int64_t elements = offset + extent_of(geometry.sizes(), geometry.strides()).high;
  const Tensor memory = ops("aten::zeros", {Dims{elements}, dtype, Value(), Value(device)});
  return ops("aten::as_strided", {memory, geometry.sizes().copy(), geometry.strides().copy(), offset});
}

Tensor View::like_base(Dispatcher& dispatcher, const Tensor& values) const {
  const Tensor shaped = zeros_like_base(dispatcher, values.dtype(), values.device());
  const ops::Formulas ops(dispatcher);
  ops("aten::copy_", {shaped, values});
  return shaped;
}

}  // namespace engine::autograd
