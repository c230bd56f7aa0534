// What kernels are written with, for the GPU: barrier(), shuffle_down(), shared_memory() and launch().
#pragma once

#include <cuda_runtime.h>

#include <string>

#include "engine/backends/cuda/grid.h"
#include "engine/core/error.h"

namespace engine::cuda {

// Throws Error(internal) for anything but success.
inline void check(cudaError_t status, const char* what) {
  if (status != cudaSuccess)
    throw Error(std::string(what) + ": " + cudaGetErrorString(status), ErrorKind::internal);
}

// nvcc also compiles functors for the host, which never calls these.
#ifdef __CUDA_ARCH__
inline __device__ void wait_for_block() { __syncthreads(); }
template <class T>
__device__ T from_below(T value, unsigned delta) {
  return __shfl_down_sync(0xffffffffU, value, delta);
}
#else
inline void wait_for_block() {}
template <class T>
T from_below(T value, unsigned) {
  return value;
}
#endif

inline __host__ __device__ void barrier() { wait_for_block(); }
template <class T>
__host__ __device__ T shuffle_down(T value, unsigned delta) {
  return from_below(value, delta);
}

template <class T>
__device__ T* shared_memory() {
  extern __shared__ __align__(16) std::byte bytes[];
  return reinterpret_cast<T*>(bytes);
}

// Waits for the kernel, so that an error is reported for the call that caused it.
template <class Walk>
void launch(const Grid& grid, void (*kernel)(Walk), const Walk& walk) {
  kernel<<<grid.blocks, dim3(grid.threads, grid.threads_y), grid.shared_bytes>>>(walk);
  check(cudaGetLastError(), "launching a kernel");
  check(cudaDeviceSynchronize(), "running a kernel");
}

}  // namespace engine::cuda
