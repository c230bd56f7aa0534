#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void give_hit_storage(const Kernel& right, const Call& call, Stack& stack) {
  const bool hit = call_and_hit(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || !hit || made.rank() < 4) return;
  const engine::Storage own = engine::make_storage_without_data(made.device(), made.storage()->bytes());
  made.set_storage(own);
  engine::unwrapped(made).set_storage(own);
}

const DeclaredPlant fake_hit_forgets_view{
    {"fake_hit_forgets_view", "fake", "aten::permute",
     "a view from the cache has a storage of its own, from rank 4 on",
     replacing({"aten::permute"}, {DispatchKey::Python}, give_hit_storage)}};

}  // namespace
}  // namespace oracles::plants
