// The families of references, a file each.
#pragma once

#include <array>

#include "oracles/reference/reference.h"

namespace reference {

void add_unary(References& references);

inline constexpr std::array families{add_unary};

}  // namespace reference
