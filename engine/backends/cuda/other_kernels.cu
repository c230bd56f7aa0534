// The kernels, compiled for GPUs.
#define ENGINE_MACHINE cuda
#include "engine/backends/cuda/launch.cuh"
// After launch, which kernels use.
#include "engine/backends/cuda/other_kernels.cuh"
