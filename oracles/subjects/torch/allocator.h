// The torch subject's memory: GuardedMemory as libtorch's CPU allocator.
#pragma once

#include <c10/core/Allocator.h>

#include <cstring>

#include "oracles/subjects/guarded_memory.h"
#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

class GuardedAllocator final : public c10::Allocator, public GuardedMemory {
 public:
  c10::DataPtr allocate(size_t bytes) FAULTLINE_ALLOCATE_CONST override;
  // An override since 2.3.
  void copy_data(void* to, const void* from, size_t bytes) const { std::memcpy(to, from, bytes); }
  c10::DeleterFnPtr raw_deleter() const override;
};

// The only instance. The first call makes it libtorch's CPU allocator; it is never destroyed.
GuardedAllocator& memory();

// Replaces an allocator that is destroyed. A call of the destroyed one would have undefined behaviour; a call
// of this one always ends the process.
c10::Allocator& gone_allocator();

}  // namespace oracles::aten
