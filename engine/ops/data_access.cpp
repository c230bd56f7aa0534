// Operators that return plain values or change a tensor's storage: _local_scalar_dense equal resize_.
#include <fmt/core.h>

#include "engine/backends/copy.h"
#include "engine/backends/cpu/blocks.h"
#include "engine/core/error.h"
#include "engine/ops/form_kernels.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/memory_formats.h"

namespace engine::ops {

namespace {

Value element_of(const Tensor& self) {
  const Tensor tensor = on_host(self);
  if (is_complex(tensor.dtype())) {
    const auto number = cpu::load_element<math::Complex<double>>(tensor, 0);
    return std::complex<double>(number.re, number.im);
  }
  if (is_floating(tensor.dtype())) return cpu::load_element<double>(tensor, 0);
  const auto number = cpu::load_element<int64_t>(tensor, 0);
  return tensor.dtype() == DType::b8 ? Value(number != 0) : Value(number);
}

void item_kernel(const Call& call, Stack& stack) {
  const CallArguments args(call.schema(), stack.last(1));
  const Tensor self = args.tensor(0);
  if (!is_computed(self.dtype())) args.refuse_dtype(self.dtype());
  if (self.element_count() != 1)
    throw Error(fmt::format("a Tensor with {} elements cannot be converted to Scalar", self.element_count()));
  stack.drop(1);
  stack.push_back(element_of(self));
}

// Compares sizes and elements, which are promoted as in eq.
void equal_kernel(const Call& call, Stack& stack) {
  const CallArguments args(call.schema(), stack.last(2));
  const Tensor &a = args.tensor(0), &b = args.tensor(1);
  common_device(args);
  bool equal = a.sizes() == b.sizes();
  if (equal) {
    const Formulas ops(call.dispatcher());
    equal = element_of(ops("aten::all", {ops("aten::eq.Tensor", {a, b})})).boolean();
  }
  stack.drop(2);
  stack.push_back(Value(equal));
}

// Sets the sizes, in contiguous memory. New elements are not initialised. Refuses to resize a ZeroTensor.
void resize_kernel(const Call& call, Stack& stack) {
  const CallArguments args(call.schema(), stack.last(3));
  const Tensor& self = args.tensor(0);
  const Dims& sizes = args.integers(1);
  for (const int64_t size : sizes)
    if (size < 0) throw Error(fmt::format("Trying to resize a tensor to a negative size {}", size));
  const MemoryFormat format = args.memory_format(2).value_or(MemoryFormat::contiguous);
  if (format == MemoryFormat::preserve) throw Error("Unsupported memory format Preserve");
  const bool changes = self.sizes() != IntSpan(sizes);
  if (self.is_zero() && changes)
    throw Error(
        "ZeroTensors are immutable. Please materialize the tensor using `.clone()`, if you want a mutable "
        "zero tensor.");
  if (changes) resize_to(self, sizes, strides_for(format, IntSpan(sizes)));
  stack.drop(2);
}

const Family data_access_family{{
    {.kind = OperatorKind::boxed,
     .functional = "aten::_local_scalar_dense(Tensor self) -> Scalar",
     .kernel = item_kernel,
     .needs_data = true,
     .domain = "self = tensor() | tensor(1, 1) ; let dtype = any",
     .accuracy = accuracy::exact},
    {.kind = OperatorKind::boxed,
     .functional = "aten::equal(Tensor self, Tensor other) -> bool",
     .kernel = equal_kernel,
     .needs_data = true,
     .domain = "self = tensor(S...) ; other = tensor(S...) ; let dtype = any",
     .accuracy = accuracy::exact},
    {.kind = OperatorKind::boxed,
     .in_place =
         "aten::resize_(Tensor(a!) self, SymInt[] size, *, MemoryFormat? memory_format=None) -> Tensor(a!)",
     .kernel = resize_kernel,
     .handles = {DispatchKey::Conjugate, DispatchKey::Negative, DispatchKey::ZeroTensor},
     .changes_geometry = true,
     .domain = "self = tensor(N, M) ; let dtype = any ; size = [M, N] | [N] | [N, 1] ; memory_format = none",
     .accuracy = accuracy::unspecified},
}};

}  // namespace

}  // namespace engine::ops
