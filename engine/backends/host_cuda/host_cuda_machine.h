// CUDA kernels on the host, as a machine. Its tensors are in the host's memory.
#pragma once

#include "engine/backends/machine.h"

namespace engine::host_cuda {

const Machine& machine();

}  // namespace engine::host_cuda
