// The kernels of engine/backends/cuda, compiled for the host.
#define ENGINE_MACHINE host_cuda
#include "engine/backends/host_cuda/launch.h"
// After launch, which kernels use.
#include "engine/backends/cuda/pointwise_kernels.cuh"
