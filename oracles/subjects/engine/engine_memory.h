// EngineMemory: GuardedMemory as the engine's allocator.
#pragma once

#include "engine/core/storage.h"
#include "oracles/subjects/guarded_memory.h"

namespace oracles {

class EngineMemory final : public engine::Allocator, public GuardedMemory {
 public:
  void* allocate(size_t bytes) override { return take(bytes); }
  void release(void* data, size_t) noexcept override { give_back(data); }
};

}  // namespace oracles
