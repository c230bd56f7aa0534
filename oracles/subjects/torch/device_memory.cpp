#include "oracles/subjects/torch/device_memory.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/TensorOptions.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <algorithm>

#include "engine/core/input_error.h"
#include "oracles/subjects/snapshots.h"
#include "oracles/subjects/torch/inputs.h"
#include "oracles/subjects/torch/private_device.h"

namespace oracles::aten {

namespace {

bool is_private(c10::Device device) {
  return device.type() == private_device.type() && no_private_device().empty();
}

at::Tensor bytes_on_host(const std::byte* bytes, size_t count) {
  return at::from_blob(const_cast<std::byte*>(bytes), {static_cast<int64_t>(count)}, at::kByte);
}

// The storage's memory as a tensor of bytes.
at::Tensor whole(const c10::Storage& storage) {
  const auto count = static_cast<int64_t>(storage.nbytes());
  return tensor_on(storage, engine::DType::u8, backend_keys(storage.device()), {count}, {1}, 0);
}

}  // namespace

c10::Device device_named(const std::string& name) {
  const auto refuse = [&](std::string_view why) {
    return engine::InputError("--device", "'" + name + "' is not available: " + std::string(why));
  };
  if (name == "private") {
    if (const std::string_view why = no_private_device(); !why.empty()) throw refuse(why);
    return private_device;
  }
  try {
    const c10::Device device(name);
    if (device.is_cpu()) return c10::Device(c10::DeviceType::CPU);
    if (device.is_meta()) throw refuse("tensors of the meta device have no elements");
    if (is_private(device)) return private_device;
    if (c10::impl::hasDeviceGuardImpl(device.type()))
      return device.has_index() ? device : c10::Device(device.type(), 0);
  } catch (const c10::Error&) {
    throw refuse("PyTorch has no device of this name");
  }
  throw refuse("this PyTorch has no such device");
}

bool is_host_memory(c10::Device device) { return device.is_cpu() || is_private(device); }

c10::DispatchKeySet backend_keys(c10::Device device) {
  return c10::DispatchKeySet(c10::computeDispatchKey(c10::nullopt, c10::nullopt, device));
}

c10::Storage storage_on(c10::Device device, const std::vector<std::byte>& bytes) {
  if (device.is_cpu()) return filled_storage(bytes);
  if (is_private(device)) return private_storage(bytes);
  const at::Tensor made =
      at::empty({static_cast<int64_t>(bytes.size())}, at::device(device).dtype(at::kByte));
  if (!bytes.empty()) made.copy_(bytes_on_host(bytes.data(), bytes.size()));
  return made.storage();
}

HostBytes::HostBytes(const c10::Storage& storage)
    : data_(static_cast<const std::byte*>(storage.unsafeGetStorageImpl()->data())), size_(storage.nbytes()) {
  if (is_host_memory(storage.device())) return;
  copied_.resize(size_);
  // The tracer reads the arguments of calls: without this, the copy would be such a call.
  const c10::impl::ExcludeDispatchKeyGuard untraced(c10::DispatchKey::TESTING_ONLY_GenericMode);
  if (size_ != 0) bytes_on_host(copied_.data(), size_).copy_(whole(storage));
  data_ = copied_.data();
}

std::string device_fault(c10::Device device) {
  const std::vector<std::byte> written{std::byte{1}, std::byte{2}, std::byte{3}};
  try {
    const c10::Storage storage = storage_on(device, written);
    const HostBytes read(storage);
    return std::equal(written.begin(), written.end(), read.data(), read.data() + read.size())
               ? ""
               : "it does not return the bytes that are copied to it";
  } catch (const std::exception& error) {
    return first_line(error.what());
  }
}

}  // namespace oracles::aten
