#include "engine/fake/result_device.h"

#include <fmt/format.h>

#include "engine/core/error.h"

namespace engine::fake {

void ResultDevice::add(const Tensor& tensor) {
  const bool number = tensor.device().type == DeviceType::cpu && tensor.rank() == 0;
  if (!device_ || (number_ && !number)) {
    device_ = tensor.device();
    number_ = number;
  } else if (!number && tensor.device() != *device_) {
    throw Error(fmt::format("{} got tensors on two devices, {} and {}", op_, to_string(*device_),
                            to_string(tensor.device())));
  }
}

}  // namespace engine::fake
