// Thread state: libtorch's thread-local and global settings that a call must not change.
#pragma once

#include <cstdint>
#include <string>

namespace oracles::aten {

struct ThreadSettings {
  uint64_t included = 0, excluded = 0;  // dispatch keys, raw
  bool grad_mode = true, forward_grad_mode = true, inference_mode = false;
  bool deterministic = false, deterministic_warn_only = false;
  bool autocast_cpu = false, autocast_cuda = false, autocast_xpu = false, autocast_cache = true;
  int8_t default_dtype = 0, autocast_cpu_dtype = 0, matmul_precision = 0;
  int threads = 1;
  uint32_t float_control = 0;  // rounding and denormal modes of the processor

  bool operator==(const ThreadSettings&) const = default;
};

ThreadSettings current_settings();
void restore(const ThreadSettings& settings);
std::string to_text(const ThreadSettings& settings);

}  // namespace oracles::aten
