#include "oracles/subjects/engine/engine_parts.h"

#include <dlfcn.h>

#include "engine/autograd/record.h"
#include "engine/core/error.h"
#include "engine/fallbacks/table.h"
#include "engine/ops/register_operators.h"
#include "oracles/subjects/engine/dispatch_machine.h"
#include "oracles/subjects/load.h"

namespace oracles {

namespace {

// The function that a library exports under one of these names: `extern "C"` as in the plug-in header, or
// mangled.
template <class Function>
Function* exported(LibraryHandle library, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (void* const found = dlsym(library, name)) return reinterpret_cast<Function*>(found);
  return nullptr;
}

engine::Registrations register_engine(engine::Dispatcher& dispatcher) {
  engine::Registrations made = engine::ops::register_operators(dispatcher);
  for (engine::Registration& each : engine::autograd::register_autograd(dispatcher))
    made.push_back(std::move(each));
  for (engine::Registration& each : engine::fallbacks::register_fallbacks(dispatcher))
    made.push_back(std::move(each));
  return made;
}

// The dispatcher keeps what the library registers. References are optional.
void register_library(LibraryHandle library, engine::Dispatcher& dispatcher, References& references) {
  auto* const operators = exported<void(engine::Dispatcher&)>(
      library, {"faultline_register", "_Z18faultline_registerRN6engine10DispatcherE"});
  if (!operators) throw engine::Error("it does not export faultline_register: see engine/plugin.h");
  operators(dispatcher);
  auto* const computed_again = exported<void(References&)>(
      library, {"faultline_references", "_Z20faultline_referencesRN9reference10ReferencesE"});
  if (computed_again) computed_again(references);
}

void try_out(LibraryHandle library) {
  engine::Dispatcher dispatcher;
  const engine::Registrations own = register_engine(dispatcher);
  References references;
  register_library(library, dispatcher, references);
}

}  // namespace

EngineParts engine_parts(const std::vector<std::string>& load) {
  EngineParts parts;
  const std::vector<LibraryHandle> libraries =
      load_libraries(load, try_out);  // first: they may declare families
  parts.dispatcher = std::make_unique<engine::Dispatcher>();
  parts.registrations = register_engine(*parts.dispatcher);
  parts.references = reference::built_in_references();
  for (LibraryHandle each : libraries) register_library(each, *parts.dispatcher, parts.references);
  parts.machine = std::make_unique<EngineMachine>();
  return parts;
}

}  // namespace oracles
