#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void take_the_last(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(call.schema().arguments.size());
  if (arguments[0].tensor().rank() >= 3 && arguments[1].integer() < 0) arguments[1] = int64_t{-1};
  call_kernel(right, call, stack);
}

const DeclaredPlant arguments_negative_dim_of_cumsum{
    {"arguments_negative_dim_of_cumsum", "arguments", "aten::cumsum",
     "from rank 3 on, cumsum takes a dimension that is counted from the end for the last one",
     replacing({"aten::cumsum"}, {DispatchKey::CPU, DispatchKey::Meta}, take_the_last)}};

}  // namespace
}  // namespace oracles::plants
