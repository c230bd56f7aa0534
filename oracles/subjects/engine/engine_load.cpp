#include "oracles/subjects/engine/engine_load.h"

#include <dlfcn.h>

#include "engine/autograd/record.h"
#include "engine/core/error.h"
#include "engine/fallbacks/table.h"
#include "engine/ops/register_operators.h"

namespace oracles {

namespace {

using Register = void (*)(engine::Dispatcher&);

// Declared `extern "C"` by engine/plugin.h; without that header it has a C++ name.
Register entry_of(LibraryHandle library) {
  for (const char* name : {"faultline_register", "_Z18faultline_registerRN6engine10DispatcherE"})
    if (void* const found = dlsym(library, name)) return reinterpret_cast<Register>(found);
  throw engine::Error("it does not export faultline_register: see engine/plugin.h");
}

void try_out(LibraryHandle library) {
  engine::Dispatcher dispatcher;
  const engine::Registrations own = register_engine(dispatcher);
  entry_of(library)(dispatcher);
}

}  // namespace

engine::Registrations register_engine(engine::Dispatcher& dispatcher) {
  engine::Registrations made = engine::ops::register_operators(dispatcher);
  for (engine::Registration& each : engine::autograd::register_autograd(dispatcher))
    made.push_back(std::move(each));
  for (engine::Registration& each : engine::fallbacks::register_fallbacks(dispatcher))
    made.push_back(std::move(each));
  return made;
}

std::vector<LibraryHandle> load_engine_libraries(const std::vector<std::string>& files) {
  return load_libraries(files, try_out);
}

void register_library(LibraryHandle library, engine::Dispatcher& dispatcher) {
  entry_of(library)(dispatcher);
}

}  // namespace oracles
