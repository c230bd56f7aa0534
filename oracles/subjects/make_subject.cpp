#include <dlfcn.h>

#include <cstdlib>

#include "engine/core/input_error.h"
#include "oracles/subject.h"
#include "oracles/subjects/engine/engine_subject.h"
#include "oracles/subjects/plugin_file.h"

namespace oracles {

namespace {

using engine::InputError;

constexpr const char* torch_plugin = "libfaultline_torch.so";
constexpr const char* planted_plugin = "libfaultline_planted.so";
using MakeTorch = Subject* (*)(const SubjectOptions*, std::string* error);

std::string missing(const char* file) {
  return std::string("this build has no ") + file +
         "; install libtorch-dev and build again, or set FAULTLINE_PLUGIN_DIR";
}

// Thread pools are sized when their libraries are loaded. One thread: sums come out the same on every
// machine, and nothing is left half-way in another thread when a worker is forked.
void settle_threads() {
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"})
    setenv(name, "1", /*overwrite=*/1);
}

std::unique_ptr<Subject> make_torch(const SubjectOptions& options) {
  const std::string file = plugin_file(torch_plugin);
  if (file.empty()) throw InputError("--subject", missing(torch_plugin));
  settle_threads();
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw InputError("--subject", dlerror());
  const auto make = reinterpret_cast<MakeTorch>(dlsym(library, "faultline_make_torch_subject"));
  if (!make) throw InputError("--subject", file + " is no torch subject of this version");
  std::string error;
  std::unique_ptr<Subject> subject(make(&options, &error));
  if (subject) return subject;
  const size_t end_of_where = error.find('\n');
  throw InputError(error.substr(0, end_of_where), error.substr(end_of_where + 1));
}

}  // namespace

std::string planted_library() {
  const std::string file = plugin_file(planted_plugin);
  if (file.empty()) throw InputError("--plant", missing(planted_plugin));
  return file;
}

std::unique_ptr<Subject> make_subject(std::string_view name, const SubjectOptions& options) {
  if (name == "torch") return make_torch(options);
  if (name == "engine") return std::make_unique<EngineSubject>(options);
  throw InputError("--subject", "no subject '" + std::string(name) + "'; there are: engine, torch");
}

}  // namespace oracles
