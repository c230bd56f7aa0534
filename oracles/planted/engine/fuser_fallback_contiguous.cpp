#include "engine/backends/copy.h"
#include "engine/ir/interpreter.h"
#include "oracles/planted/engine/fuser_plant.h"

namespace oracles::plants {
namespace {

void interpret_contiguously(const engine::ir::Graph& group, engine::Dispatcher& dispatcher, Stack& stack) {
  engine::ir::interpret(group, dispatcher, stack);
  for (Value& output : stack.last(group.outputs.size())) {
    const Tensor& tensor = output.tensor();
    if (tensor.rank() < 2 || tensor.is_contiguous()) continue;
    const Tensor made = engine::make_tensor(tensor.dtype(), tensor.sizes());
    engine::copy_values(made, tensor);
    output = made;
  }
}

const DeclaredPlant fuser_fallback_contiguous{
    {"fuser_fallback_contiguous", "fuser", "aten::neg*",
     "results of the fallback are contiguous, from rank 2 on", right_dispatcher,
     [](FuserSteps& steps) { steps.interpret = interpret_contiguously; }}};

}  // namespace
}  // namespace oracles::plants
