// The version profile of the torch subject: everything that depends on libtorch's version is here.
#pragma once

#include <torch/version.h>

namespace oracles::aten {

inline constexpr const char* torch_version = TORCH_VERSION;
inline constexpr int torch_number = TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR;

// Efficient zero tensors have no kernel on the meta device before 2.0.
inline constexpr bool zero_tensors_on_meta = torch_number >= 200;

// A ZeroTensor's storage keeps a pointer to an allocator that was a local variable and is destroyed.
inline constexpr bool zero_tensors_keep_a_gone_allocator = torch_number < 200;

// Printed schemas write `str` for a Dimname; the names of arguments distinguish the two.
inline constexpr bool dimnames_print_as_str = true;

}  // namespace oracles::aten
