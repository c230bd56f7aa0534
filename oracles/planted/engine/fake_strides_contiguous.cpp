#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void make_contiguous(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || made.rank() < 3) return;
  set_fake_geometry(made, made.sizes(), engine::contiguous_strides(made.sizes()), made.offset());
}

const DeclaredPlant fake_strides_contiguous{
    {"fake_strides_contiguous", "fake", "aten::exp",
     "the fake result of exp is contiguous where the real one keeps its argument's strides, from rank 3 on",
     replacing({"aten::exp"}, {DispatchKey::Python}, make_contiguous)}};

}  // namespace
}  // namespace oracles::plants
