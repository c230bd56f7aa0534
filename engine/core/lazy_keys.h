// LazyKeys: the keys of tensors whose elements differ from what their memory holds.
#pragma once

#include "engine/core/key_set.h"

namespace engine {

inline constexpr KeySet lazy_keys{DispatchKey::Conjugate, DispatchKey::Negative, DispatchKey::ZeroTensor};

}  // namespace engine
