// Loading operator libraries: each first in a child process, so that a broken one is a line of text, not a
// crash.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace oracles {

using LibraryHandle = void*;  // of dlopen

// In the order given; they are never unloaded. `try_out` is called for each in the child, and its exceptions
// refuse the library, as its crash does. Throws engine::InputError(FILE, ...) with one line for the first
// library that cannot be loaded.
std::vector<LibraryHandle> load_libraries(const std::vector<std::string>& files,
                                          const std::function<void(LibraryHandle)>& try_out = {});

}  // namespace oracles
