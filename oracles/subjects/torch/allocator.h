// The torch subject's memory: GuardedMemory as libtorch's CPU allocator.
#pragma once

#include <c10/core/Allocator.h>

#include "oracles/subjects/guarded_memory.h"

namespace oracles::aten {

class GuardedAllocator final : public c10::Allocator, public GuardedMemory {
 public:
  c10::DataPtr allocate(size_t bytes) const override;
  c10::DeleterFnPtr raw_deleter() const override;
};

// The one allocator, made libtorch's CPU allocator on first use and never destroyed.
GuardedAllocator& memory();

}  // namespace oracles::aten
