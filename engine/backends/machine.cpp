#include "engine/backends/machine.h"

#include <algorithm>

#include "engine/backends/copy.h"
#include "engine/backends/cpu/cpu_machine.h"
#include "engine/backends/cuda/gpu.h"
#include "engine/backends/host_cuda/host_cuda_machine.h"
#include "engine/core/error.h"

namespace engine {

const Machine& machine_of(Device device) {
  switch (device.type) {
    case DeviceType::cpu:
      return cpu::machine();
    case DeviceType::host_cuda:
      return host_cuda::machine();
    case DeviceType::cuda:
      return cuda::machine();
    default:
      throw Error("no kernels compute on the device " + to_string(device), ErrorKind::not_implemented);
  }
}

void run_pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                   std::span<const PointwiseOperand> operands) {
  const Machine& machine = machine_of(out.device());
  const auto is_foreign = [&](const PointwiseOperand& operand) {
    return operand.tensor && operand.tensor->device() != out.device();
  };
  if (std::none_of(operands.begin(), operands.end(), is_foreign))
    return machine.pointwise(kernel, common, out, operands);
  std::vector<PointwiseOperand> here(operands.begin(), operands.end());
  std::vector<Tensor> carried(here.size());
  for (size_t i = 0; i < here.size(); ++i) {
    if (!is_foreign(here[i])) continue;
    carried[i] = make_tensor(here[i].tensor->dtype(), here[i].tensor->sizes(), out.device());
    copy_elements(carried[i], *here[i].tensor);
    here[i].tensor = &carried[i];
  }
  machine.pointwise(kernel, common, out, here);
}

}  // namespace engine
