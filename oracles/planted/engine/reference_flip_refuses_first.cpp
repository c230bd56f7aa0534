#include "engine/core/error.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void reject_the_first(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(2);
  const engine::Dims& dims = arguments[1].integers();
  const auto rank = static_cast<int64_t>(arguments[0].tensor().rank());
  if (dims.size() == 1 && dims[0] == -rank)
    throw engine::Error("Dimension out of range", engine::ErrorKind::index);
  call_kernel(right, call, stack);
}

const DeclaredPlant reference_flip_refuses_first{
    {"reference_flip_refuses_first", "reference", "aten::flip",
     "flip rejects the first dimension as out of range if it is the only one and is counted from the end",
     replacing({"aten::flip"}, {DispatchKey::CPU}, reject_the_first)}};

}  // namespace
}  // namespace oracles::plants
