#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void skip_recording(const Kernel& right, const Call& call, Stack& stack) {
  const Tensor& self = stack.last(3)[0].tensor();
  if (!self.defined() || self.rank() < 3) return call_kernel(right, call, stack);
  call.op().redispatch_boxed(call.keys & engine::KeySet::full_after(DispatchKey::AutogradOther), stack);
}

const DeclaredPlant autograd_unrecorded{
    {"autograd_unrecorded", "autograd", "aten::add*.Tensor",
     "an in-place sum is not recorded from rank 3 on: the other operand loses its gradient",
     replacing({"aten::add_.Tensor"}, {DispatchKey::Autograd}, skip_recording)}};

}  // namespace
}  // namespace oracles::plants
