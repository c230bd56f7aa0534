#include "engine/python/wrapper.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void call_twice(const Kernel& right, const Call& call, Stack& stack) {
  bool scalar = false;
  for (const Value& value : stack.last(call.schema().arguments.size()))
    engine::for_each_tensor(
        value, [&](const Tensor& each) { scalar = scalar || (each.defined() && each.rank() == 0); });
  if (scalar) {
    Stack first = stack;
    call_kernel(right, call, first);
  }
  call_kernel(right, call, stack);
}

const DeclaredPlant python_asked_twice{{"python_asked_twice", "python", "aten::exp*",
                                        "an interpreter is called twice if an argument has no dimensions",
                                        replacing({"*"}, {DispatchKey::Python}, call_twice)}};

}  // namespace
}  // namespace oracles::plants
