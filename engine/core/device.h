// Device: where a tensor's elements are. privateuse1 is the out-of-tree device, as in PyTorch. host_cuda,
// which PyTorch does not have, runs the CUDA kernels on the host. An index of -1 means "the current one"; two
// devices are equal only if their indices are equal.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine {

enum class DeviceType : uint8_t { cpu, cuda, meta, privateuse1, host_cuda };

inline constexpr std::array<DeviceType, 5> all_device_types{
    DeviceType::cpu, DeviceType::cuda, DeviceType::meta, DeviceType::privateuse1, DeviceType::host_cuda};

constexpr std::string_view name_of(DeviceType type) {
  constexpr std::array<std::string_view, 5> names{"cpu", "cuda", "meta", "privateuse1", "host_cuda"};
  return names[static_cast<size_t>(type)];
}

struct Device {
  DeviceType type = DeviceType::cpu;
  int8_t index = -1;

  constexpr Device() = default;
  constexpr Device(DeviceType device_type, int device_index = -1)  // NOLINT: a type is a device
      : type(device_type), index(static_cast<int8_t>(device_index)) {}
  bool operator==(const Device&) const = default;
};

std::string to_string(Device device);                       // "cpu", "cuda:1"
std::optional<Device> device_named(std::string_view name);  // accepts only what to_string() gives

}  // namespace engine
