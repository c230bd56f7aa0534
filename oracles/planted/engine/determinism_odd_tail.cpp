#include <cstring>

#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void leave_the_last(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor done = stack.back().tensor();
  if (done.element_count() % 2 == 0 || done.rank() < 3) return;
  const Tensor made = engine::make_strided_tensor(done.dtype(), done.sizes(), done.strides(), done.device());
  const auto written = static_cast<size_t>(done.element_count() - 1);
  std::memcpy(made.data(), done.data(), written * engine::size_of(done.dtype()));
  stack.replace_last(1, made);
}

const DeclaredPlant determinism_odd_tail{
    {"determinism_odd_tail", "determinism", "aten::relu",
     "relu leaves the last of an odd number of elements unwritten, from rank 3 on",
     replacing({"aten::relu"}, {DispatchKey::CPU}, leave_the_last)}};

}  // namespace
}  // namespace oracles::plants
