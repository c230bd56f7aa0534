#include "engine/python/wrapper.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void lose_out(const Kernel& right, const Call& call, Stack& stack) {
  Value& out = stack.back();
  if (call.schema().arguments.empty() || !call.schema().arguments.back().is_out())
    return call_kernel(right, call, stack);
  const Tensor given = out.tensor();
  if (!given.defined() || given.rank() < 2 || engine::interpreter_of(given))
    return call_kernel(right, call, stack);
  out = engine::make_tensor(given.dtype(), given.sizes(), given.device());
  call_kernel(right, call, stack);
  stack.back() = given;
}

const DeclaredPlant python_out_lost{
    {"python_out_lost", "python", "aten::mul*",
     "an interpreter gets a copy of an out tensor, and what it writes is lost, from rank 2 on",
     replacing({"*"}, {DispatchKey::Python}, lose_out)}};

}  // namespace
}  // namespace oracles::plants
