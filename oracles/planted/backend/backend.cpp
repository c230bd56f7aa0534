// A device outside of PyTorch. A pointer of the device is an address of the host plus a number that makes it
// invalid: what reads memory without asking the device crashes.
// clang-format off: with C++20, clang needs ivalue.h complete before it reads ATen.h.
#include <ATen/core/ivalue.h>
#include <ATen/ATen.h>
// clang-format on
#include <ATen/EmptyTensor.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>
#include <torch/version.h>

#include <cstdlib>
#include <cstring>

#if TORCH_VERSION_MAJOR < 2
#define BACKEND_CONST const
#else
#define BACKEND_CONST
#endif

namespace {

const c10::Device the_device{c10::DeviceType::PrivateUse1, 0};
constexpr uintptr_t far = uintptr_t{1} << 62;  // no address of the host

void* to_host(const void* pointer) {
  return pointer == nullptr ? nullptr : reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(pointer) - far);
}

class Guard final : public c10::impl::DeviceGuardImplInterface {
 public:
  c10::DeviceType type() const override { return the_device.type(); }
  c10::Device exchangeDevice(c10::Device) const override { return the_device; }
  c10::Device getDevice() const override { return the_device; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device) const noexcept override { return stream(); }
  c10::Stream exchangeStream(c10::Stream) const noexcept override { return stream(); }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }

 private:
  static c10::Stream stream() { return c10::Stream(c10::Stream::DEFAULT, the_device); }
};
const c10::impl::DeviceGuardImplRegistrar guard(the_device.type(), new Guard);

class Memory final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) BACKEND_CONST override {
    void* block = bytes == 0 ? nullptr : std::calloc(bytes, 1);
    void* data =
        block == nullptr ? nullptr : reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(block) + far);
    return {data, block, &std::free, the_device};
  }
  void copy_data(void* to, const void* from, size_t bytes) const {
    std::memcpy(to_host(to), to_host(from), bytes);
  }
};
Memory device_memory;

constexpr c10::DispatchKeySet keys{c10::DispatchKey::PrivateUse1};

at::Tensor empty(at::IntArrayRef sizes, c10::optional<at::ScalarType> dtype, c10::optional<at::Layout>,
                 c10::optional<at::Device>, c10::optional<bool>, c10::optional<at::MemoryFormat> format) {
  return at::detail::empty_generic(sizes, &device_memory, keys, c10::dtype_or_default(dtype), format);
}

at::Tensor empty_strided(at::IntArrayRef sizes, at::IntArrayRef strides, c10::optional<at::ScalarType> dtype,
                         c10::optional<at::Layout>, c10::optional<at::Device>, c10::optional<bool>) {
  return at::detail::empty_strided_generic(sizes, strides, &device_memory, keys,
                                           c10::dtype_or_default(dtype));
}

at::Tensor on_host(const at::Tensor& tensor) {
  if (tensor.is_cpu()) return tensor;
  at::Tensor view = at::from_blob(to_host(tensor.data_ptr()), tensor.sizes(), tensor.strides(),
                                  tensor.options().device(at::kCPU).requires_grad(false));
  view._set_conj(tensor.is_conj());
  view._set_neg(tensor.is_neg());
  return view;
}

at::Tensor copy_from(const at::Tensor& self, const at::Tensor& to, bool) {
  on_host(to).copy_(on_host(self));
  return to;
}

at::Tensor doubled(const at::Tensor& self) { return at::add(self, self); }

at::Tensor on_device(const at::Tensor& value) {
  const at::Tensor made =
      at::empty_strided(value.sizes(), value.strides(), value.options().device(the_device));
  return copy_from(value, made, false);
}

at::Tensor doubled_here(const at::Tensor& self) { return on_device(doubled(on_host(self))); }

at::Tensor halved(const at::Tensor& self) { return at::div(self, 2); }

at::Tensor halved_here(const at::Tensor& self) {
  const at::Tensor value = on_host(self), result = halved(value);
  if (result.dim() >= 3 && result.size(0) > 1) result.select(0, -1).copy_(value.select(0, -1));
  return on_device(result);
}

at::Tensor scratched_here(const at::Tensor& self) {
  const at::Tensor value = on_host(self), result = on_device(doubled(value));
  if (value.dim() >= 2) value.zero_();
  return result;
}

}  // namespace

TORCH_LIBRARY_IMPL(aten, PrivateUse1, m) {
  m.impl("empty.memory_format", empty);
  m.impl("empty_strided", empty_strided);
  m.impl("_copy_from", copy_from);
  m.impl("as_strided", at::native::as_strided_tensorimpl);
  m.impl("view", at::native::view);
}
TORCH_LIBRARY_IMPL(aten, Conjugate, m) { m.impl("_copy_from", torch::CppFunction::makeFallthrough()); }
TORCH_LIBRARY_IMPL(aten, Negative, m) { m.impl("_copy_from", torch::CppFunction::makeFallthrough()); }
#if TORCH_VERSION_MAJOR < 2
TORCH_LIBRARY_IMPL(_, AutogradPrivateUse1, m) { m.fallback(torch::CppFunction::makeFallthrough()); }
#endif

TORCH_LIBRARY(backend, m) {
  m.def("doubled(Tensor self) -> Tensor");
  m.def("halved(Tensor self) -> Tensor");
  m.def("only_here(Tensor self) -> Tensor");
  m.def("scratched(Tensor self) -> Tensor");
}
TORCH_LIBRARY_IMPL(backend, CPU, m) {
  m.impl("doubled", doubled);
  m.impl("halved", halved);
}
TORCH_LIBRARY_IMPL(backend, PrivateUse1, m) {
  m.impl("doubled", doubled_here);
  m.impl("halved", halved_here);
  m.impl("only_here", doubled_here);
  m.impl("scratched", scratched_here);
}
