// DeviceMemory: storages on any device that PyTorch has, and their bytes. Memory that the host can read (of
// the CPU, and of the private device) is read directly; PyTorch copies that of other devices.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/DispatchKeySet.h>
#include <c10/core/Storage.h>

#include <cstddef>
#include <string>
#include <vector>

namespace oracles::aten {

// The device of this name, with an index; "private" is Faultline's own, and so is "privateuseone" if no
// library has registered a device there. Initialises nothing. Throws engine::InputError("--device", ...).
c10::Device device_named(const std::string& name);

bool is_host_memory(c10::Device device);
// The key of the device's kernels.
c10::DispatchKeySet backend_keys(c10::Device device);
// A storage with these bytes. Initialises the device.
c10::Storage storage_on(c10::Device device, const std::vector<std::byte>& bytes);

// A storage's bytes, copied to the host if necessary.
class HostBytes {
 public:
  explicit HostBytes(const c10::Storage& storage);
  const std::byte* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  std::vector<std::byte> copied_;
  const std::byte* data_;
  size_t size_;
};

// Why the device does not keep what is written to it; or empty. Initialises it: call it in a child.
std::string device_fault(c10::Device device);

}  // namespace oracles::aten
