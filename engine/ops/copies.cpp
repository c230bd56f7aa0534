// Copies and fills: clone _to_copy copy_ fill zero.
#include "engine/backends/copy.h"
#include "engine/core/error.h"
#include "engine/core/lazy_keys.h"
#include "engine/dispatch/operator.h"
#include "engine/ops/form_kernels.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/memory_formats.h"
#include "engine/ops/promotion.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

Plan preserved(const Tensor& self) {
  return {{self.dtype(), self.sizes().copy(), preserved_strides(self), self.device()}};
}

void copy_compute(const CallArguments& args, std::span<const Tensor> results) {
  copy_values(results[0], args.tensor(0));
}

OperatorDeclaration clone() {
  return {.functional = "aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor",
          .rule = [](const CallArguments& args) -> Plan {
            const Tensor& self = args.tensor(0);
            const MemoryFormat format = args.memory_format(1).value_or(MemoryFormat::preserve);
            return {{self.dtype(), self.sizes().copy(), strides_for(format, self), self.device()}};
          },
          .compute = copy_compute,
          .handles = lazy_keys,
          .derivative = saving([](Backward& at) { return at.grad(); }),
          .domain = "self = tensor(S...) ; let dtype = any",
          .accuracy = accuracy::exact};
}

OperatorDeclaration to_copy() {
  return {.functional =
              "aten::_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? "
              "device=None, bool? pin_memory=None, bool non_blocking=False, MemoryFormat? "
              "memory_format=None) -> Tensor",
          .rule = [](const CallArguments& args) -> Plan {
            const Tensor& self = args.tensor(0);
            const MemoryFormat format = args.memory_format(6).value_or(MemoryFormat::preserve);
            const Device device = args.device(3).value_or(self.device());
            if (self.is_meta() && device.type != DeviceType::meta)
              throw Error("Cannot copy out of meta tensor; no data!", ErrorKind::not_implemented);
            return {{args.dtype(1).value_or(self.dtype()), self.sizes().copy(), strides_for(format, self),
                     device}};
          },
          .compute = copy_compute,
          .handles = lazy_keys,
          .derivative = saving([](Backward& at) { return at.ops.like_argument(at.grad(), at.argument(0)); }),
          .domain = "self = tensor(S...) ; let dtype = any ; dtype = dtype(any) | none ; device = none",
          .accuracy = accuracy::rounded};
}

// Reads and writes through lazy bits. Reads a ZeroTensor as zeros, and refuses to write one.
void copy_kernel(const Call& call, Stack& stack) {
  const CallArguments args(call.schema(), stack.last(3));
  const Tensor &self = args.tensor(0), &source = args.tensor(1);
  for (const DType dtype : {self.dtype(), source.dtype()})
    if (!is_computed(dtype)) args.refuse_dtype(dtype);
  if (self.is_zero())
    throw Error(
        "ZeroTensors are immutable. Please materialize the tensor using `.clone()`, if you want a mutable "
        "zero tensor.");
  const Sizes<int64_t> sizes = expanded_sizes<int64_t>(source.sizes(), self.sizes());
  if (source.is_meta() && !self.is_meta())
    throw Error("Cannot copy out of meta tensor; no data!", ErrorKind::not_implemented);
  refuse_self_overlap(self);
  if (!self.is_meta()) {
    const Overlap overlap = overlap_of(self, source);
    const bool same_bits = self.is_conj() == source.is_conj() && self.is_neg() == source.is_neg();
    if (overlap == Overlap::none) {
      copy_values(self, source);
    } else if (overlap != Overlap::full || !same_bits) {
      const Tensor kept = make_tensor(source.dtype(), source.sizes(), source.device());
      copy_values(kept, source);
      copy_values(self, kept);
    }
  }
  stack.drop(2);
}

OperatorDeclaration copy() {
  return {.kind = OperatorKind::boxed,
          .in_place = "aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)",
          .kernel = copy_kernel,
          .handles = lazy_keys,
          .derivative = saving([](Backward& at) {
            return std::vector{at.ops.zeros_like(at.grad()), at.ops.like_argument(at.grad(), at.argument(1))};
          }),
          .domain =
              "self = tensor(S...) ; src = tensor(broadcast(S...)) | tensor(broadcast(S...)) any ; let dtype "
              "= any",
          .accuracy = accuracy::rounded};
}

Derivative overwritten() {
  Derivative made = saving([](Backward& at) { return at.ops.zeros_like(at.grad()); });
  made.overwrites = true;
  return made;
}

OperatorDeclaration fill() {
  return {.functional = "aten::fill.Scalar(Tensor self, Scalar value) -> Tensor",
          .in_place = "aten::fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!)",
          .rule =
              [](const CallArguments& args) {
                check_fits(args.scalar(1), args.tensor(0).dtype());
                return preserved(args.tensor(0));
              },
          .compute = [](const CallArguments& args,
                        std::span<const Tensor> results) { fill_elements(results[0], args.scalar(1)); },
          .pointwise = true,
          .derivative = overwritten(),
          .domain = "self = tensor(S...) ; let dtype = any ; value = 0 | 1 | -2",
          .accuracy = accuracy::exact};
}

OperatorDeclaration zero() {
  return {.functional = "aten::zero(Tensor self) -> Tensor",
          .in_place = "aten::zero_(Tensor(a!) self) -> Tensor(a!)",
          .rule = [](const CallArguments& args) { return preserved(args.tensor(0)); },
          .compute = [](const CallArguments&,
                        std::span<const Tensor> results) { fill_elements(results[0], Scalar(0)); },
          .pointwise = true,
          .derivative = overwritten(),
          .domain = "self = tensor(S...) ; let dtype = any",
          .accuracy = accuracy::exact};
}

const Family copies{{clone(), to_copy(), copy(), fill(), zero()}};

}  // namespace

}  // namespace engine::ops
