#include "oracles/planted/engine/fuser_plant.h"

namespace oracles::plants {
namespace {

std::string lose_tail(const KernelProgram& program) {
  return source_with(program, "k < count;", "k < count - (count % 8 == 7);");
}

const DeclaredPlant fuser_tail_lost{{"fuser_tail_lost", "fuser", "aten::neg*",
                                     "a fused loop leaves out the last of 8n + 7 elements", right_dispatcher,
                                     [](FuserSteps& steps) { steps.source = lose_tail; }}};

}  // namespace
}  // namespace oracles::plants
