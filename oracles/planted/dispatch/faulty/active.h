// Which fault of faults.txt this copy of the dispatcher has. Every file of the copy includes it first.
#pragma once

#include <exception>
#include <type_traits>

namespace faults {

inline int active = 0;  // 0: none

// Constants that the compiler evaluates are always right.
constexpr bool is(int number) {
  if (std::is_constant_evaluated()) return false;
  return active == number;
}

}  // namespace faults
