#include "engine/python/wrapper.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

// The result is still a fake tensor of the right geometry.
void give_own_storage(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor& made = stack.back().tensor();
  if (!made.defined() || made.rank() < 4 || !engine::interpreter_of(made)) return;
  const engine::Storage own = engine::make_storage_without_data(made.device(), made.storage()->bytes());
  made.set_storage(own);
  engine::unwrapped(made).set_storage(own);
}

const DeclaredPlant fake_view_is_fresh{
    {"fake_view_is_fresh", "fake", "aten::transpose.int",
     "the fake result of transpose has a storage of its own instead of its argument's, from rank 4 on",
     replacing({"aten::transpose.int"}, {DispatchKey::Python}, give_own_storage)}};

}  // namespace
}  // namespace oracles::plants
