// Libraries of operators for the engine (engine/plugin.h), and everything of its own in a dispatcher.
#pragma once

#include <string>
#include <vector>

#include "engine/dispatch/dispatcher.h"
#include "oracles/reference/kernels/reference.h"
#include "oracles/subjects/load.h"

namespace oracles {

// Operators of all families, their derivatives, and the fallbacks.
[[nodiscard]] engine::Registrations register_engine(engine::Dispatcher& dispatcher);

// Tried in a child with a dispatcher of their own. Throws engine::InputError with one line for a library that
// cannot be loaded, does not export faultline_register, or registers what cannot be.
std::vector<LibraryHandle> load_engine_libraries(const std::vector<std::string>& files);
// Calls what the library exports. What it registers is the dispatcher's to keep; it need not have references.
void register_library(LibraryHandle library, engine::Dispatcher& dispatcher, References& references);

}  // namespace oracles
