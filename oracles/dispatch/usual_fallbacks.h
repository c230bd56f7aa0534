// The fallthroughs of a real dispatcher. Without them, no call of a program would get past the keys that
// every thread includes.
#pragma once

#include "oracles/dispatch/machine.h"

namespace oracles {

inline std::vector<AmbientFallback> usual_fallbacks() {
  using enum engine::DispatchKey;
  return {{BackendSelect, true}, {ADInplaceOrView, true}, {AutogradOther, true}, {AutogradCPU, true},
          {AutogradCUDA, true},  {AutogradXLA, true},     {AutogradMeta, true}};
}

}  // namespace oracles
