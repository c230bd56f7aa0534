// A sum whose block trusts a warp to go in step: below sixteen threads it waits for nobody. So it was done
// once, and so it is wrong on every GPU of today. Sums of f32 only.
#include "engine/backends/host_cuda/launch.h"
#include "engine/core/shape.h"
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

namespace cuda = engine::host_cuda;

struct Terms {
  const float* terms;
  int64_t count;
  float* sum;
};

void sum_in_step(Terms of) {
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

struct SumsInStep {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const engine::Tensor self = stack.last(2)[0].tensor();
    call_kernel(right, call, stack);
    const engine::Tensor out = stack.last(1)[0].tensor();
    const bool wrong = self.device() == engine::Device(engine::DeviceType::host_cuda) &&
                       self.is_contiguous() && self.dtype() == engine::DType::f32 &&
                       out.dtype() == engine::DType::f32;
    if (!wrong) return;
    constexpr unsigned threads = 64;
    cuda::launch({.threads = threads, .shared_bytes = threads * sizeof(double)}, sum_in_step,
                 {self.data<float>(), self.element_count(), out.data<float>()});
  }
};

const DeclaredPlant declared{
    {"device_warp_synchronous", "device", "aten::sum",
     "a block's sum of f32 has no barriers below sixteen threads", [](engine::Dispatcher& dispatcher) {
       constexpr std::string_view name = "aten::sum";
       constexpr engine::DispatchKey key = engine::DispatchKey::CUDA;
       engine::Registrations made;
       made.push_back(dispatcher.implement(
           name, key, engine::boxed_kernel_of(SumsInStep{right_kernel(dispatcher, name, key)}), "planted"));
       return made;
     }}};

}  // namespace

}  // namespace oracles
