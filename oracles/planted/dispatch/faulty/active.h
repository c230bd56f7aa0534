// The active fault of faults.txt. Every file of the copied dispatcher includes this header first.
#pragma once

#include <exception>
#include <type_traits>

namespace faults {

inline int active = 0;  // 0: none

// What the compiler evaluates contains no fault.
constexpr bool is(int number) {
  if (std::is_constant_evaluated()) return false;
  return active == number;
}

}  // namespace faults
