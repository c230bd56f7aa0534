#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void forget_offset(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || made.rank() < 3) return;
  set_fake_geometry(made, made.sizes(), made.strides(), 0);
}

const DeclaredPlant fake_offset_forgotten{
    {"fake_offset_forgotten", "fake", "aten::select.int",
     "the fake result of select begins where its argument does, from rank 4 on",
     replacing({"aten::select.int"}, {DispatchKey::Python}, forget_offset)}};

}  // namespace
}  // namespace oracles::plants
