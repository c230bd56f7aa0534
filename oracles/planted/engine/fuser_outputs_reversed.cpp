#include <algorithm>

#include "engine/ir/interpreter.h"
#include "oracles/planted/engine/fuser_plant.h"

namespace oracles::plants {
namespace {

void interpret_backwards(const engine::ir::Graph& group, engine::Dispatcher& dispatcher, Stack& stack) {
  engine::ir::interpret(group, dispatcher, stack);
  const std::span<Value> outputs = stack.last(group.outputs.size());
  if (outputs.size() > 4) std::reverse(outputs.begin(), outputs.end());
}

const DeclaredPlant fuser_outputs_reversed{
    {"fuser_outputs_reversed", "fuser", "aten::mul*",
     "the fallback pushes five results and more in the opposite order", right_dispatcher,
     [](FuserSteps& steps) { steps.interpret = interpret_backwards; }}};

}  // namespace
}  // namespace oracles::plants
