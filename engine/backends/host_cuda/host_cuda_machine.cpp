#define ENGINE_MACHINE host_cuda
#include "engine/backends/host_cuda/host_cuda_machine.h"

#include "engine/backends/cuda/cuda_machine.cuh"

namespace engine::host_cuda {

const Machine& machine() {
  static const CudaMachine host;
  return host;
}

}  // namespace engine::host_cuda
