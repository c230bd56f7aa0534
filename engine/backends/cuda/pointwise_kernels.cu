// The kernels, compiled for GPUs.
#define ENGINE_MACHINE cuda
#include "engine/backends/cuda/launch.cuh"
// After the words that they are written in.
#include "engine/backends/cuda/pointwise_kernels.cuh"
