// Thread state: libtorch's thread-local and global settings that a call must not change.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

// The settings that every version has; version.h adds its own.
inline constexpr size_t common_settings = 11;

// The value of each setting, in the order of their rows.
using ThreadSettings = std::array<int64_t, common_settings + version_settings.size()>;

ThreadSettings current_settings();
// Sets those that differ from the current ones.
void restore(const ThreadSettings& settings);
// "included=0x0 excluded=0xfffe grad_mode=1 ...".
std::string to_text(const ThreadSettings& settings);

}  // namespace oracles::aten
