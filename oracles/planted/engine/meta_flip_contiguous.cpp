#include "engine/core/shape.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void forget_order(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor& made = stack.back().tensor();
  if (made.rank() >= 3)
    made.set_geometry(made.sizes(), engine::contiguous_strides(made.sizes()), made.offset());
}

const DeclaredPlant meta_flip_contiguous{
    {"meta_flip_contiguous", "meta", "aten::flip",
     "flip's Meta kernel returns a contiguous result; the real kernel keeps the "
     "order of memory, from rank 3 on",
     replacing({"aten::flip"}, {DispatchKey::Meta}, forget_order)}};

}  // namespace
}  // namespace oracles::plants
