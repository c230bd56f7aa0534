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

// Stands for an allocator that is no more. What asking such a one does depends on what lies in its place by
// then; asking this one ends the process, each time.
c10::Allocator& gone_allocator();

}  // namespace oracles::aten
