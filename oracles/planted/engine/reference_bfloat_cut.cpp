#include <bit>

#include "engine/backends/copy.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

using engine::DType;

Tensor in_f32(const Tensor& of) {
  Tensor made = engine::make_tensor(DType::f32, of.sizes());
  engine::copy_elements(made, of);
  return made;
}

Tensor truncated(const Tensor& of) {
  Tensor made = engine::make_tensor(DType::bf16, of.sizes());
  for (int64_t i = 0; i < of.element_count(); ++i)
    made.data<uint16_t>()[i] = static_cast<uint16_t>(std::bit_cast<uint32_t>(of.data<float>()[i]) >> 16);
  return made;
}

void truncate(const Kernel& right, const Call& call, Stack& stack) {
  Value& argument = stack.last(1)[0];
  const bool truncates = argument.tensor().dtype() == DType::bf16;
  if (truncates) argument = in_f32(argument.tensor());
  call_kernel(right, call, stack);
  if (truncates) stack.last(1)[0] = truncated(stack.last(1)[0].tensor());
}

const DeclaredPlant reference_bfloat_cut{{"reference_bfloat_cut", "reference", "aten::exp",
                                          "exp truncates bf16 results instead of rounding them",
                                          replacing({"aten::exp"}, {DispatchKey::CPU}, truncate)}};

}  // namespace
}  // namespace oracles::plants
