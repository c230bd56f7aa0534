#include "oracles/planted/engine/fuser_plant.h"

namespace oracles::plants {
namespace {

std::string choose_past_nan(const KernelProgram& program) {
  return source_with(program, "a != a ? a : b != b || a < b ? b : a;", "a < b ? b : a;");
}

const DeclaredPlant fuser_nan_chosen{{"fuser_nan_chosen", "fuser", "aten::maximum",
                                      "a fused maximum returns the other operand for NaN", right_dispatcher,
                                      [](FuserSteps& steps) { steps.source = choose_past_nan; }}};

}  // namespace
}  // namespace oracles::plants
