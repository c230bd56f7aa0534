// Layout and MemoryFormat: on a stack of values they are integers, with PyTorch's numbers.
#pragma once

#include <cstdint>

namespace engine {

enum class Layout : int8_t { strided, sparse, sparse_csr, mkldnn };
enum class MemoryFormat : int8_t { contiguous, preserve, channels_last, channels_last_3d };

}  // namespace engine
