// Every broken fallback: a file of rows, and its line here.
#include <array>

#include "oracles/planted/fallbacks/broken_fallbacks.h"

namespace oracles {

std::vector<BrokenFallback> all_broken_fallbacks() {
  constexpr std::array tables{
      broken_zero_tensors,
      broken_math_bits,
  };
  std::vector<BrokenFallback> all;
  for (const auto table : tables)
    for (const BrokenFallback& each : table()) all.push_back(each);
  return all;
}

}  // namespace oracles
