#include "oracles/subjects/torch/libraries.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <xxhash.h>

#include <fstream>
#include <iterator>

#include "engine/core/input_error.h"
#include "oracles/subjects/host.h"
#include "oracles/subjects/load.h"
#include "oracles/subjects/torch/version.h"

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

// The file name of the libtorch that a library is linked with, as the library's bytes spell it; empty if it
// is linked with none.
std::string libtorch_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  const size_t at = bytes.find(std::string("\0libtorch_cpu.so", 16));
  return at == std::string::npos ? "" : bytes.c_str() + at + 1;
}

// Two versions of libtorch in one process end it with an error about something else.
void check_its_libtorch_is_ours(const std::string& file) {
  const std::string wanted = libtorch_of(file);
  if (wanted.empty() || is_loaded(wanted)) return;
  throw engine::InputError(file,
                           fmt::format("it is linked with {}, which is not the libtorch of this Faultline: "
                                       "expected a library that is built for PyTorch {}",
                                       wanted, torch_version));
}

}  // namespace

void load_operator_libraries(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    if (const std::string_view module = module_in(file); !module.empty()) {
      import_module(module);
      continue;
    }
    if (is_loaded(file)) continue;
    check_its_libtorch_is_ours(file);
    const uint64_t before = registrations();
    load_libraries({file}, [before](LibraryHandle) {
      if (registrations() == before)
        throw engine::InputError("", "it registers nothing: expected TORCH_LIBRARY or TORCH_LIBRARY_IMPL");
    });
  }
}

}  // namespace oracles::aten
