#include "oracles/subjects/torch/libraries.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <xxhash.h>

#include "engine/core/input_error.h"
#include "oracles/subjects/host.h"
#include "oracles/subjects/load.h"

namespace oracles::aten {

namespace {

// A hash of all operators' tables: their kernels and fallbacks, and where each was registered.
uint64_t registrations() {
  c10::Dispatcher& dispatcher = c10::Dispatcher::singleton();
  uint64_t hash = 0;
  for (const c10::OperatorName& name : dispatcher.getAllOpNames()) {
    const auto op = dispatcher.findOp(name);
    const std::string table = op ? op->dumpComputedTable() : toString(name);
    hash += XXH3_64bits(table.data(), table.size());
  }
  return hash;
}

void import_module(std::string_view module) {
  if (!host())
    throw engine::InputError("--load", fmt::format("'python:{}' is a Python module, which only "
                                                   "`python3 -m faultline` can import",
                                                   module));
  host()->import_module(std::string(module));
}

bool is_loaded(const std::string& file) {
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (library) dlclose(library);
  return library != nullptr;
}

}  // namespace

void load_operator_libraries(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    if (const std::string_view module = module_in(file); !module.empty()) {
      import_module(module);
      continue;
    }
    if (is_loaded(file)) continue;
    const uint64_t before = registrations();
    load_libraries({file}, [before](LibraryHandle) {
      if (registrations() == before)
        throw engine::InputError("", "it registers nothing: expected TORCH_LIBRARY or TORCH_LIBRARY_IMPL");
    });
  }
}

}  // namespace oracles::aten
