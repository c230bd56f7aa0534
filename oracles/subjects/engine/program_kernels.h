// Kernels of dispatch programs for the engine, boxed and with C++ types, and calls with these types. One
// template serves all operators: what differs is the signature.
#pragma once

#include "oracles/subjects/engine/dispatch_machine.h"

namespace oracles {

engine::Kernel program_kernel(EngineMachine& machine, const corpora::Statement& registration);

// A tensor without elements that carries these keys.
engine::Tensor program_tensor(engine::KeySet keys);

// The arguments of a call as values; lists are values of their own.
std::vector<engine::Value> program_arguments(const corpora::Statement& call);

// A call with C++ types; gives the result.
engine::Tensor call_typed(const engine::Operator& op, const corpora::Statement& call,
                          const std::vector<engine::Value>& arguments);

}  // namespace oracles
