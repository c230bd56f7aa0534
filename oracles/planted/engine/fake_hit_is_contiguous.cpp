#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void make_hit_contiguous(const Kernel& right, const Call& call, Stack& stack) {
  const bool hit = call_and_hit(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || !hit || made.rank() < 2) return;
  set_fake_geometry(made, made.sizes(), engine::contiguous_strides(made.sizes()), made.offset());
}

const DeclaredPlant fake_hit_is_contiguous{
    {"fake_hit_is_contiguous", "fake", "aten::neg", "a result from the cache is contiguous, from rank 2 on",
     replacing({"aten::neg"}, {DispatchKey::Python}, make_hit_contiguous)}};

}  // namespace
}  // namespace oracles::plants
