// The block assumes that the threads of a warp run in lockstep, which no GPU guarantees since Volta.
#include "engine/backends/host_cuda/launch.h"
#include "engine/core/shape.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

namespace cuda = engine::host_cuda;

struct Terms {
  const float* terms;
  int64_t count;
  float* sum;
};

void sum_block(Terms of) {
  auto* const sums = cuda::shared_memory<double>();
  const unsigned own = cuda::threadIdx.x;
  sums[own] = 0;
  for (int64_t i = own; i < of.count; i += cuda::blockDim.x) sums[own] += static_cast<double>(of.terms[i]);
  cuda::barrier();
  for (unsigned half = cuda::blockDim.x / 2; half > 0; half /= 2) {
    if (own < half) sums[own] += sums[own + half];
    if (half > 16) cuda::barrier();
  }
  if (own == 0) *of.sum = static_cast<float>(sums[0]);
}

void sum_in_lockstep(const Kernel& right, const Call& call, Stack& stack) {
  const Tensor self = stack.last(2)[0].tensor();
  call_kernel(right, call, stack);
  const Tensor out = stack.last(1)[0].tensor();
  const bool wrong = self.device() == engine::Device(engine::DeviceType::host_cuda) && self.is_contiguous() &&
                     self.dtype() == engine::DType::f32 && out.dtype() == engine::DType::f32;
  if (!wrong) return;
  constexpr unsigned threads = 64;
  cuda::launch({.threads = threads, .shared_bytes = threads * sizeof(double)}, sum_block,
               {self.data<float>(), self.element_count(), out.data<float>()});
}

const DeclaredPlant device_warp_synchronous{{"device_warp_synchronous", "device", "aten::sum",
                                             "the block sum of f32 has no barriers below sixteen threads",
                                             replacing({"aten::sum"}, {DispatchKey::CUDA}, sum_in_lockstep)}};

}  // namespace
}  // namespace oracles::plants
