// Loading operator libraries. Each is tried in a child process first, so that a broken one is an error, not a
// crash.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace oracles {

using LibraryHandle = void*;  // of dlopen

// In the order given; never unloads. Calls `try_out` for each in the child; its exceptions and its crash
// reject the library. Throws engine::InputError(FILE, ...) with one line for the first library that cannot be
// loaded.
std::vector<LibraryHandle> load_libraries(const std::vector<std::string>& files,
                                          const std::function<void(LibraryHandle)>& try_out = {});

}  // namespace oracles
