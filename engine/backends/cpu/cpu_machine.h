// The CPU as a machine: plain loops, and OpenBLAS for matrix products.
#pragma once

#include "engine/backends/machine.h"

namespace engine::cpu {

const Machine& machine();

}  // namespace engine::cpu
