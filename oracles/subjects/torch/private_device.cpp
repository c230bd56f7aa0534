#include "oracles/subjects/torch/private_device.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/EmptyTensor.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/resize_native.h>
#include <ATen/ops/set_native.h>
#include <ATen/ops/unfold_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <cstring>
#include <memory>
#include <optional>

#include "oracles/subjects/torch/allocator.h"
#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

namespace {

class PrivateGuard final : public c10::impl::DeviceGuardImplInterface {
 public:
  c10::DeviceType type() const override { return private_device.type(); }
  c10::Device exchangeDevice(c10::Device) const override { return private_device; }
  c10::Device getDevice() const override { return private_device; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device) const noexcept override { return stream(); }
  c10::Stream exchangeStream(c10::Stream) const noexcept override { return stream(); }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }

 private:
  static c10::Stream stream() { return c10::Stream(c10::Stream::DEFAULT, private_device); }
};

class PrivateAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) FAULTLINE_ALLOCATE_CONST override {
    c10::DataPtr data = memory().allocate(bytes);
    data.unsafe_set_device(private_device);
    return data;
  }
  void copy_data(void* to, const void* from, size_t bytes) const { std::memcpy(to, from, bytes); }
  c10::DeleterFnPtr raw_deleter() const override { return memory().raw_deleter(); }
};

PrivateAllocator& private_memory() {
  static auto* const made = new PrivateAllocator;
  return *made;
}

constexpr c10::DispatchKeySet private_keys{c10::DispatchKey::PrivateUse1};

at::Tensor private_empty(at::IntArrayRef sizes, c10::optional<at::ScalarType> dtype,
                         c10::optional<at::Layout>, c10::optional<at::Device>, c10::optional<bool>,
                         c10::optional<at::MemoryFormat> format) {
  return at::detail::empty_generic(sizes, &private_memory(), private_keys, c10::dtype_or_default(dtype),
                                   format);
}

at::Tensor private_empty_strided(at::IntArrayRef sizes, at::IntArrayRef strides,
                                 c10::optional<at::ScalarType> dtype, c10::optional<at::Layout>,
                                 c10::optional<at::Device>, c10::optional<bool>) {
  return at::detail::empty_strided_generic(sizes, strides, &private_memory(), private_keys,
                                           c10::dtype_or_default(dtype));
}

// The same memory as a tensor of the CPU.
at::Tensor on_cpu(const at::Tensor& tensor) {
  if (tensor.is_cpu()) return tensor;
  at::Tensor view = at::from_blob(tensor.data_ptr(), tensor.sizes(), tensor.strides(),
                                  tensor.options().device(at::kCPU).requires_grad(false));
  view._set_conj(tensor.is_conj());
  view._set_neg(tensor.is_neg());
  return view;
}

at::Tensor private_copy_from(const at::Tensor& self, const at::Tensor& to, bool) {
  on_cpu(to).copy_(on_cpu(self));
  return to;
}

// A tensor that gets other sizes has the strides that the CPU kernel chose, if its copy has no gaps.
at::Tensor private_copy_from_and_resize(const at::Tensor& self, const at::Tensor& to) {
  if (to.sizes() != self.sizes()) {
    to.resize_(self.sizes());
    if (self.is_non_overlapping_and_dense())
      to.unsafeGetTensorImpl()->set_sizes_and_strides(self.sizes(), self.strides());
  }
  return private_copy_from(self, to, false);
}

void serve_on_cpu(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  at::native::cpu_fallback(op, stack);
}

// Kernels stay registered; fallbacks can be removed. Copies resolve lazy bits by themselves: the fallbacks
// for the bits clone their arguments, which copies again.
struct Registrations {
  torch::Library kernels{torch::Library::IMPL, "aten", c10::DispatchKey::PrivateUse1, __FILE__, __LINE__};
  torch::Library of_conj{torch::Library::IMPL, "aten", c10::DispatchKey::Conjugate, __FILE__, __LINE__};
  torch::Library of_neg{torch::Library::IMPL, "aten", c10::DispatchKey::Negative, __FILE__, __LINE__};
  std::optional<torch::Library> fallback, of_autograd;

  Registrations() {
    of_conj.impl("_copy_from", torch::CppFunction::makeFallthrough());
    of_neg.impl("_copy_from", torch::CppFunction::makeFallthrough());
    kernels.impl("empty.memory_format", &private_empty);
    kernels.impl("empty_strided", &private_empty_strided);
    kernels.impl("_copy_from", &private_copy_from);
    kernels.impl("_copy_from_and_resize", &private_copy_from_and_resize);
    kernels.impl("as_strided", &at::native::as_strided_tensorimpl);
    kernels.impl("view", &at::native::view);
    kernels.impl("_reshape_alias", &at::native::_reshape_alias);
    kernels.impl("unfold", &at::native::unfold);
    kernels.impl("resize_", &at::native::resize_);
    kernels.impl("set_.source_Storage_storage_offset", &at::native::set_storage_cpu_);
  }
};

std::unique_ptr<Registrations>& current_registrations() {
  static std::unique_ptr<Registrations> made;
  return made;
}

bool has_fallback(c10::DispatchKey key) {
  return c10::Dispatcher::singleton().hasBackendFallbackForDispatchKey(key);
}

void add_fallback(std::optional<torch::Library>& library, c10::DispatchKey key, torch::CppFunction function) {
  library.emplace(torch::Library::IMPL, "_", key, __FILE__, __LINE__);
  library->fallback(std::move(function));
}

}  // namespace

std::string_view no_private_device() {
  if (!current_registrations() &&
      (c10::impl::hasDeviceGuardImpl(private_device.type()) || has_fallback(c10::DispatchKey::PrivateUse1)))
    return "another library has registered a device at PrivateUse1";
  return {};
}

void add_private_device() {
  std::unique_ptr<Registrations>& made = current_registrations();
  if (!made) {
    static const c10::impl::DeviceGuardImplRegistrar guard(private_device.type(), new PrivateGuard);
    made = std::make_unique<Registrations>();
  }
  if (made->fallback) return;
  add_fallback(made->fallback, c10::DispatchKey::PrivateUse1,
               torch::CppFunction::makeFromBoxedFunction<&serve_on_cpu>());
  // Without one, operators that have no kernel for autograd could not be called.
  if (!has_fallback(c10::DispatchKey::AutogradPrivateUse1))
    add_fallback(made->of_autograd, c10::DispatchKey::AutogradPrivateUse1,
                 torch::CppFunction::makeFallthrough());
}

void remove_private_fallback() {
  if (!current_registrations()) return;
  current_registrations()->fallback.reset();
  current_registrations()->of_autograd.reset();
}

c10::Storage private_storage(const std::vector<std::byte>& bytes) {
  c10::DataPtr data = private_memory().allocate(bytes.size());
  if (!bytes.empty()) std::memcpy(data.get(), bytes.data(), bytes.size());
  return c10::make_intrusive<c10::StorageImpl>(c10::StorageImpl::use_byte_size_t(),
                                               static_cast<int64_t>(bytes.size()), std::move(data),
                                               &private_memory(), /*resizable=*/true);
}

}  // namespace oracles::aten
