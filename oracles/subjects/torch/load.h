// Loading operator libraries: each first in a child process, so that a broken one is a line of text, not a
// crash.
#pragma once

#include <string>
#include <vector>

namespace oracles::aten {

// Throws engine::InputError("--load", ...) with one line for the first library that cannot be loaded.
void load_libraries(const std::vector<std::string>& files);

}  // namespace oracles::aten
