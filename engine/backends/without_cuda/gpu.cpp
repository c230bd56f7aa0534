#include "engine/backends/cuda/gpu.h"

#include "engine/core/error.h"

namespace engine::cuda {

std::string missing() { return "this build has no CUDA: it was configured without nvcc"; }

const Machine& machine() { throw Error(missing(), ErrorKind::not_implemented); }

}  // namespace engine::cuda
