// Faults of the engine's dispatcher: mistakes in copies of its own source files, which a plug-in library of
// ours contains (README.md). Each is found by the `dispatch` oracle.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "oracles/dispatch/machine.h"

namespace oracles {

struct DispatchFault {
  std::string_view name;  // "dispatch_backends_leak"
  int law;                // the number of the law of dispatching that it breaks, INV-nn; 0: no single one
  std::string_view mistake;
  std::string_view
      stale;  // why it is not in the copy, for example because the source has changed; else empty
};
std::span<const DispatchFault> dispatch_faults();

// A machine over a dispatcher with this fault; nullptr if there is no such fault. Without a name: over the
// same copy, with no fault. Throws InputError if the plug-in is missing.
std::unique_ptr<DispatchMachine> faulty_dispatcher(std::string_view name);

}  // namespace oracles
