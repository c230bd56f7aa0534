// Generator: the random-number generator of a device, an argument of random operators. A call is dispatched
// by the generator's device as by that of a tensor. Draws no numbers: the engine has no random operator.
#pragma once

#include "engine/core/device.h"
#include "engine/core/intrusive.h"
#include "engine/core/key_set.h"

namespace engine {

class GeneratorState : public RefCounted {
 public:
  explicit GeneratorState(Device device) : device_(device) {}

  KeySet keys() const { return runtime_key(DispatchKey::Dense, backend_of(device_.type)); }

 private:
  Device device_;
};

using Generator = Intrusive<GeneratorState>;

}  // namespace engine
