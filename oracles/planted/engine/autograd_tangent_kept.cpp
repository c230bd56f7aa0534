#include "engine/autograd/forward_mode.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void keep_tangent(const Kernel& right, const Call& call, Stack& stack) {
  const auto level = engine::autograd::innermost_level(stack.last(call.schema().arguments.size()));
  if (level == 0) return call_kernel(right, call, stack);
  const engine::autograd::HideLevels hide(level);
  call_kernel(right, call, stack);
}

const DeclaredPlant autograd_tangent_kept{
    {"autograd_tangent_kept", "autograd", "aten::mul_.Tensor",
     "an in-place product keeps the tangent that the tensor had before it",
     replacing({"aten::mul_.Tensor"}, {DispatchKey::Autograd}, keep_tangent)}};

}  // namespace
}  // namespace oracles::plants
