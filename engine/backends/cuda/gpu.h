// The GPU as a machine. A build without nvcc and a computer without a GPU have none.
#pragma once

#include <string>

#include "engine/backends/machine.h"

namespace engine::cuda {

// The reason why there is no GPU to compute on; empty if there is one. The first call then registers the
// GPU's memory for tensors, and the process must not fork after it.
std::string missing();
// Refuses, by Error(not_implemented), if something is missing.
const Machine& machine();

}  // namespace engine::cuda
