// Meta and CPU agree, so only another library shows the bug.
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void keep_i32(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(call.schema().arguments.size());
  Value& dtype = arguments.back();
  if (arguments[0].tensor().dtype() == engine::DType::i32 && dtype.is_none()) dtype = engine::DType::i32;
  call_kernel(right, call, stack);
}

const DeclaredPlant peer_sum_keeps_i32{
    {"peer_sum_keeps_i32", "peer", "aten::sum*", "a sum of i32 stays i32",
     replacing({"aten::sum", "aten::sum.dim_IntList"}, {DispatchKey::CPU, DispatchKey::Meta}, keep_i32)}};

}  // namespace
}  // namespace oracles::plants
