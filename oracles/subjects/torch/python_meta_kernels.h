// The operators whose Meta kernels this version of PyTorch writes in Python. A process without Python does
// not have these kernels. python_meta_kernels.py writes the list when Faultline is built.
#pragma once

#include <span>
#include <string_view>

namespace oracles::aten {

// Qualified names, sorted. Empty if the build had no Python for its libtorch.
std::span<const std::string_view> python_meta_kernels();

}  // namespace oracles::aten
