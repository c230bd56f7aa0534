#include "engine/autograd/history.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

// Without the refusal, which the kernel above would raise.
void write_leaf(const Kernel& right, const Call& call, Stack& stack) {
  Tensor self = stack.last(call.schema().arguments.size())[0].tensor();
  if (const engine::autograd::View* view = engine::autograd::view_of(self)) self = view->base;
  const bool is_leaf = engine::autograd::requires_grad(self) && engine::autograd::is_leaf(self);
  if (!is_leaf) return call_kernel(right, call, stack);
  call.op().redispatch_boxed(call.keys & engine::KeySet::full_after(DispatchKey::AutogradOther), stack);
}

const DeclaredPlant autograd_leaf_written{
    {"autograd_leaf_written", "autograd", "aten::neg_",
     "neg_ writes a leaf that requires grad, or a view of one, instead of raising an error",
     replacing({"aten::neg_"}, {DispatchKey::Autograd}, write_leaf)}};

}  // namespace
}  // namespace oracles::plants
