#include "oracles/planted/engine/fuser_plant.h"

namespace oracles::plants {
namespace {

std::string sum_without_alpha(const KernelProgram& program) {
  return source_with(program, "return a + c * b;", "return a + b;");
}

const DeclaredPlant fuser_alpha_forgotten{{"fuser_alpha_forgotten", "fuser", "aten::add*",
                                           "a fused sum forgets alpha", right_dispatcher,
                                           [](FuserSteps& steps) { steps.source = sum_without_alpha; }}};

}  // namespace
}  // namespace oracles::plants
