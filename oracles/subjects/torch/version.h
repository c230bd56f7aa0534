// The version profile of the torch subject: what depends on libtorch's version stands here, and nowhere else.
#pragma once

#include <torch/version.h>

namespace oracles::aten {

inline constexpr const char* torch_version = TORCH_VERSION;
inline constexpr int torch_number = TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR;

// Efficient zero tensors have no kernel on the meta device before 2.0.
inline constexpr bool zero_tensors_on_meta = torch_number >= 200;

// A ZeroTensor's storage keeps the address of an allocator that is gone: it was a local one.
inline constexpr bool zero_tensors_keep_a_gone_allocator = torch_number < 200;

// Printed schemas spell a Dimname as `str`; this far, at least, the dimension's argument names tell them
// apart.
inline constexpr bool dimnames_print_as_str = true;

}  // namespace oracles::aten
