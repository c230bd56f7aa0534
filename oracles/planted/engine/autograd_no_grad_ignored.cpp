#include "engine/autograd/grad_mode.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void record_always(const Kernel& right, const Call& call, Stack& stack) {
  const engine::autograd::GradMode on(true);
  call_kernel(right, call, stack);
}

const DeclaredPlant autograd_no_grad_ignored{
    {"autograd_no_grad_ignored", "autograd", "aten::cos",
     "cos is recorded also where the thread does not record",
     replacing({"aten::cos"}, {DispatchKey::Autograd}, record_always)}};

}  // namespace
}  // namespace oracles::plants
