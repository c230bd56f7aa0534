// What an engine subject is made of. Whoever composes one may change the parts before: put in a plant, choose
// a device, name a peer. Libraries of operators (engine/plugin.h) are loaded here.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/dispatch/dispatcher.h"
#include "oracles/dispatch/machine.h"
#include "oracles/reference/kernels/reference.h"
#include "oracles/subject.h"

namespace oracles {

struct EngineParts {
  std::unique_ptr<engine::Dispatcher> dispatcher;
  engine::Registrations registrations;
  References references;
  std::unique_ptr<DispatchMachine> machine;             // runs dispatch programs
  engine::Device device;                                // of tensors, unless a path says otherwise
  std::function<std::unique_ptr<Subject>()> make_peer;  // throws InputError; null: there is no peer
  int64_t memory_mib = 256;  // what one run may allocate, in addition to its inputs
};

// Operators of all families, their derivatives, the fallbacks, and the libraries, each tried first in a child
// with its own dispatcher. On the CPU, without a peer. Throws engine::InputError with one line for a library
// that cannot be loaded, does not export faultline_register, or registers what cannot be.
EngineParts engine_parts(const std::vector<std::string>& load = {});

}  // namespace oracles
