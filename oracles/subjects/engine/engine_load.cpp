#include "oracles/subjects/engine/engine_load.h"

#include <dlfcn.h>

#include "engine/autograd/record.h"
#include "engine/core/error.h"
#include "engine/fallbacks/table.h"
#include "engine/ops/register_operators.h"

namespace oracles {

namespace {

// Exported under one of these names: `extern "C"` as the header of plug-ins has it, else as C++ names it.
template <class Function>
Function* exported(LibraryHandle library, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (void* const found = dlsym(library, name)) return reinterpret_cast<Function*>(found);
  return nullptr;
}

void try_out(LibraryHandle library) {
  engine::Dispatcher dispatcher;
  const engine::Registrations own = register_engine(dispatcher);
  References references;
  register_library(library, dispatcher, references);
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

void register_library(LibraryHandle library, engine::Dispatcher& dispatcher, References& references) {
  auto* const operators = exported<void(engine::Dispatcher&)>(
      library, {"faultline_register", "_Z18faultline_registerRN6engine10DispatcherE"});
  if (!operators) throw engine::Error("it does not export faultline_register: see engine/plugin.h");
  operators(dispatcher);
  auto* const computed_again = exported<void(References&)>(
      library, {"faultline_references", "_Z20faultline_referencesRN9reference10ReferencesE"});
  if (computed_again) computed_again(references);
}

}  // namespace oracles
