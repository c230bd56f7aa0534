// The parts of an engine subject. make_subject may change them: plant a bug, choose a device, set a peer.
// Libraries of operators (engine/plugin.h) are loaded here.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/dispatch/dispatcher.h"
#include "engine/fuser/fuser.h"
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
  std::function<std::unique_ptr<Subject>()> make_peer;  // throws InputError; null: no peer
  std::vector<std::string> tolerances;                  // files of accuracies, before the declared ones
  engine::fuser::FuserSteps fuser = engine::fuser::usual_steps();
  int64_t memory_mib = 256;  // quota of one run, in addition to its inputs
};

// The operators of all families, their derivatives, the fallbacks, and the libraries, on the CPU, without a
// peer. Throws engine::InputError with one line for a library that cannot be loaded, does not export
// faultline_register, or makes an invalid registration.
EngineParts engine_parts(const std::vector<std::string>& load = {});

}  // namespace oracles
