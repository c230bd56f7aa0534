// The GPU as a machine. A build without nvcc, and a computer without a GPU, have none, and say why.
#pragma once

#include <string>

#include "engine/backends/machine.h"

namespace engine::cuda {

// Empty when there is a GPU to compute on: then its memory is known to tensors from the first call on. A
// process that has asked must not fork.
std::string missing();
// Refuses, by Error(not_implemented), where something is missing.
const Machine& machine();

}  // namespace engine::cuda
