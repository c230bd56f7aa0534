#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void omit_tail_of_sum(const Kernel& right, const Call& call, Stack& stack) {
  Value& argument = stack.last(2)[0];
  const Tensor self = argument.tensor();
  const int64_t count = self.element_count();
  if (count > 4 && count % 4 == 3 && self.is_contiguous())
    argument = self.view({count - 1}, {1}, self.offset());
  call_kernel(right, call, stack);
}

const DeclaredPlant reference_sum_tail{
    {"reference_sum_tail", "reference", "aten::sum",
     "a sum in blocks of four omits one element of contiguous memory if three are left over",
     replacing({"aten::sum"}, {DispatchKey::CPU}, omit_tail_of_sum)}};

}  // namespace
}  // namespace oracles::plants
