#include "engine/core/device.h"

#include <charconv>

namespace engine {

std::string to_string(Device device) {
  std::string text(name_of(device.type));
  if (device.index >= 0) text += ":" + std::to_string(device.index);
  return text;
}

std::optional<Device> device_named(std::string_view name) {
  const size_t colon = name.find(':');
  for (DeviceType type : all_device_types) {
    if (name_of(type) != name.substr(0, colon)) continue;
    if (colon == std::string_view::npos) return Device(type);
    const std::string_view digits = name.substr(colon + 1);
    int index = -1;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    const bool whole = result.ec == std::errc() && result.ptr == digits.data() + digits.size();
    if (!whole || index < 0 || index > 127) return std::nullopt;
    return Device(type, index);
  }
  return std::nullopt;
}

}  // namespace engine
