#include <fmt/core.h>

#include "oracles/planted/engine/fuser_plant.h"

namespace oracles::plants {
namespace {

// The smaller one, so that no memory outside of the tensor is read.
std::string take_smaller_stride(const KernelProgram& program) {
  const size_t first = program.outputs.size();
  const std::string one = fmt::format("s[{}]", first), other = fmt::format("s[{}]", first + 1);
  return source_with(program, fmt::format("p1[k * {}]", other),
                     fmt::format("p1[k * ({0} < {1} ? {0} : {1})]", one, other));
}

const DeclaredPlant fuser_stride_of_another{
    {"fuser_stride_of_another", "fuser", "aten::add.Tensor",
     "a strided fused loop reads the second operand with the smaller stride of two", right_dispatcher,
     [](FuserSteps& steps) { steps.source = take_smaller_stride; }}};

}  // namespace
}  // namespace oracles::plants
