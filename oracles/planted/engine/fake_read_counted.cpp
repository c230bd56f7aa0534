#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void count_read(const Kernel& right, const Call& call, Stack& stack) {
  const Tensor self = stack.back().tensor();
  call_kernel(right, call, stack);
  if (fake_mode_of(self) && self.rank() > 3) self.bump_version();
}

const DeclaredPlant fake_read_counted{{"fake_read_counted", "fake", "aten::sin",
                                       "sin of a fake tensor counts as a write to it, from rank 4 on",
                                       replacing({"aten::sin"}, {DispatchKey::Python}, count_read)}};

}  // namespace
}  // namespace oracles::plants
