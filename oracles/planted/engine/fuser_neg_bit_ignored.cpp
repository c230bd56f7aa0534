#include "oracles/planted/engine/fuser_plant.h"

namespace oracles::plants {
namespace {

engine::fuser::FallbackReason unless_negative(std::span<const Value> inputs) {
  std::vector<Value> seen(inputs.begin(), inputs.end());
  for (Value& input : seen) {
    if (!input.is_tensor() || !input.tensor().defined() || input.tensor().rank() < 2) continue;
    const Tensor& tensor = input.tensor();
    const Tensor plain = tensor.view(tensor.sizes(), tensor.strides(), tensor.offset());
    plain.set_keys(tensor.keys() - engine::KeySet{DispatchKey::Negative});
    input = plain;
  }
  return engine::fuser::why_not_fused(seen);
}

const DeclaredPlant fuser_neg_bit_ignored{{"fuser_neg_bit_ignored", "fuser", "aten::_neg_view",
                                           "inputs with the Negative key are read as memory, from rank 2 on",
                                           right_dispatcher,
                                           [](FuserSteps& steps) { steps.why_not = unless_negative; }}};

}  // namespace
}  // namespace oracles::plants
