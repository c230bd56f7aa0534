#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void omit_tail(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(2);
  const Tensor a = arguments[0].tensor(), b = arguments[1].tensor();
  const bool fits = a.rank() == 2 && b.rank() == 2 && a.size(1) == b.size(0);
  if (fits && a.size(1) >= 5 && a.size(1) % 2 == 1) {
    const int64_t inner = a.size(1) - 1;
    arguments[0] = a.view({a.size(0), inner}, a.strides(), a.offset());
    arguments[1] = b.view({inner, b.size(1)}, b.strides(), b.offset());
  }
  call_kernel(right, call, stack);
}

const DeclaredPlant reference_matrix_tail{
    {"reference_matrix_tail", "reference", "aten::mm",
     "a matrix product omits the last of an odd number of terms, from five terms on",
     replacing({"aten::mm"}, {DispatchKey::CPU}, omit_tail)}};

}  // namespace
}  // namespace oracles::plants
