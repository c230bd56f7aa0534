// Faults of the engine's dispatcher: bugs in copies of its source files, which a plug-in library contains
// (README.md). The `dispatch` oracle finds each.
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
  std::string_view stale;  // why the copy does not contain it, if the source has changed; else empty
};
std::span<const DispatchFault> dispatch_faults();

// A machine over a dispatcher with this fault; nullptr if there is no such fault. With an empty name: over
// the same copy, without a fault. Throws InputError if the plug-in is missing.
std::unique_ptr<DispatchMachine> faulty_dispatcher(std::string_view name);

}  // namespace oracles
