#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void skip_recording_of_fakes(const Kernel& right, const Call& call, Stack& stack) {
  const Tensor& self = stack.back().tensor();
  if (!fake_mode_of(self) || self.rank() < 2) return call_kernel(right, call, stack);
  call.op().redispatch_boxed(call.keys & engine::KeySet::full_after(DispatchKey::AutogradOther), stack);
}

const DeclaredPlant fake_forgets_grad{
    {"fake_forgets_grad", "fake", "aten::sigmoid",
     "the fake result of sigmoid requires no gradient, from rank 2 on",
     replacing({"aten::sigmoid"}, {DispatchKey::Autograd}, skip_recording_of_fakes)}};

}  // namespace
}  // namespace oracles::plants
