// Kernels that do nothing, for c10.
#pragma once

#include <torch/library.h>

namespace bench {

torch::CppFunction another_torch_kernel();

}  // namespace bench
