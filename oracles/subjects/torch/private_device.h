// PrivateDevice: a device of Faultline's own, in host memory, at PyTorch's key for backends outside of it
// (PrivateUse1). It allocates, copies, resizes and makes views; PyTorch's CPU fallback serves every other
// operator.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/Storage.h>

#include <cstddef>
#include <string_view>
#include <vector>

namespace oracles::aten {

inline const c10::Device private_device{c10::DeviceType::PrivateUse1, 0};

// Why this process cannot have the device; or empty.
std::string_view no_private_device();
// Registers the device's kernels and its fallback, unless they are registered.
void add_private_device();
// Removes the fallback, which dispatch programs must not see. Storages of the device stay valid.
void remove_private_fallback();

// A storage of the device with these bytes.
c10::Storage private_storage(const std::vector<std::byte>& bytes);

}  // namespace oracles::aten
