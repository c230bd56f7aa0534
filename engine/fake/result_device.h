// ResultDevice: the device of a call's results, from its tensors. Promises: the answer does not depend on the
// order of the tensors. Refuses, by Error(runtime), tensors on two devices; a CPU tensor without dimensions
// may be beside tensors on any other device, because a kernel reads it as a number.
#pragma once

#include <optional>
#include <string_view>

#include "engine/core/tensor.h"

namespace engine::fake {

class ResultDevice {
 public:
  // `op` is for messages.
  explicit ResultDevice(std::string_view op) : op_(op) {}

  void add(const Tensor& tensor);
  std::optional<Device> device() const { return device_; }  // nothing: there was no tensor

 private:
  std::string_view op_;
  std::optional<Device> device_;
  bool number_ = false;  // only CPU tensors without dimensions so far
};

}  // namespace engine::fake
