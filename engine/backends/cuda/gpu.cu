#define ENGINE_MACHINE cuda
#include "engine/backends/cuda/cuda_machine.cuh"
#include "engine/backends/cuda/gpu.h"
#include "engine/backends/cuda/launch.cuh"

namespace engine::cuda {

namespace {

// Fresh blocks are filled with one byte, so that two runs that read uninitialised memory agree.
class GpuMemory final : public Allocator {
 public:
  static constexpr int fresh = 0xA5;

  void* allocate(size_t bytes) override {
    void* data = nullptr;
    check(cudaMalloc(&data, bytes), "allocating memory of the GPU");
    check(cudaMemset(data, fresh, bytes), "filling memory of the GPU");
    return data;
  }
  void release(void* data, size_t) noexcept override { cudaFree(data); }
  void copy(void* to, const void* from, size_t bytes) const override {
    if (bytes > 0) check(cudaMemcpy(to, from, bytes, cudaMemcpyDefault), "copying");
  }
};

std::string found_missing() {
  int devices = 0;  // unchanged without a driver
  const cudaError_t status = cudaGetDeviceCount(&devices);
  if (status != cudaSuccess) return std::string("no GPU here: ") + cudaGetErrorString(status);
  if (devices == 0) return "no GPU here";
  static GpuMemory memory;
  set_device_allocator(DeviceType::cuda, memory);
  return {};
}

}  // namespace

std::string missing() {
  static const std::string why = found_missing();
  return why;
}

const Machine& machine() {
  if (const std::string why = missing(); !why.empty()) throw Error(why, ErrorKind::not_implemented);
  static const CudaMachine gpu;
  return gpu;
}

}  // namespace engine::cuda
