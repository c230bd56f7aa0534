// Broken fallbacks: a right dispatcher with one mistake put over a fallback, each of a sort that real
// dispatchers have made. The invariant that it breaks stands beside it: the law of that number must object to
// it, and to nothing that is right.
#pragma once

#include <string_view>
#include <vector>

#include "engine/dispatch/dispatcher.h"

namespace oracles {

struct BrokenFallback {
  int invariant;  // INV-nn
  std::string_view mistake;
  engine::Registrations (*plant)(engine::Dispatcher&);
};
std::vector<BrokenFallback> all_broken_fallbacks();

std::vector<BrokenFallback> broken_zero_tensors();
std::vector<BrokenFallback> broken_math_bits();

}  // namespace oracles
