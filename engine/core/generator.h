// Generator: a source of random numbers that belongs to a device; random operators take it as an argument.
// State only: a Philox seed and how many numbers were drawn. It steers calls as a tensor of its device does.
#pragma once

#include <cstdint>

#include "engine/core/device.h"
#include "engine/core/intrusive.h"
#include "engine/core/key_set.h"

namespace engine {

class GeneratorState : public RefCounted {
 public:
  explicit GeneratorState(Device device, uint64_t seed = 0) : device_(device), seed_(seed) {}

  Device device() const { return device_; }
  KeySet keys() const { return runtime_key(DispatchKey::Dense, backend_of(device_.type)); }
  uint64_t seed() const { return seed_; }
  uint64_t drawn() const { return drawn_; }
  // The place of the next `count` numbers in the sequence, which is theirs from now on.
  uint64_t take(uint64_t count) {
    const uint64_t first = drawn_;
    drawn_ += count;
    return first;
  }

 private:
  Device device_;
  uint64_t seed_;
  uint64_t drawn_ = 0;
};

using Generator = Intrusive<GeneratorState>;

}  // namespace engine
