#include "oracles/make_subject.h"

#include <dlfcn.h>

#include <cstdlib>

#include "engine/backends/cuda/gpu.h"
#include "engine/core/input_error.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/isolation/child.h"
#include "oracles/planted/dispatch/dispatch_faults.h"
#include "oracles/planted/engine/engine_plant.h"
#include "oracles/subjects/engine/engine_subject.h"
#include "oracles/subjects/host.h"
#include "oracles/subjects/plugin_file.h"

namespace oracles {

namespace {

using engine::InputError;

constexpr const char* torch_plugin = "libfaultline_torch.so";
constexpr const char* planted_plugin = "libfaultline_planted.so";
using DeviceFault = void (*)(const Subject*, std::string* fault);
using MakeTorch = Subject* (*)(const SubjectOptions*, std::string* error);

std::string missing(const char* file) {
  return std::string("this build has no ") + file +
         "; install libtorch-dev and build again, or set FAULTLINE_PLUGIN_DIR";
}

// Thread pools get their size when their libraries are loaded. With one thread, sums are the same on every
// machine, and a fork leaves no other thread in an unfinished state.
void use_one_thread() {
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"})
    setenv(name, "1", /*overwrite=*/1);
}

// In a child: workers initialise the device, and this process never does.
void require_device(const Subject& subject, void* library) {
  const auto fault_of = reinterpret_cast<DeviceFault>(dlsym(library, "faultline_torch_device_fault"));
  lift_address_space_limit();
  IsolatedLimits limits;
  limits.timeout_seconds = 60;
  const ChildAnswer answer = run_in_child(limits, [&] {
    std::string fault;
    fault_of(&subject, &fault);
    return fault;
  });
  const std::string device = "'" + subject.device() + "' is not available: ";
  if (answer.death)
    throw InputError("--device", device + "its first use ended with " + ending_text(answer.death->side));
  if (!answer.text.empty()) throw InputError("--device", device + answer.text);
}

std::unique_ptr<Subject> make_torch(const SubjectOptions& options) {
  use_one_thread();
  const std::string file = host() ? host()->torch_plugin() : plugin_file(torch_plugin);
  if (file.empty()) throw InputError("--subject", missing(torch_plugin));
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw InputError("--subject", dlerror());
  const auto make = reinterpret_cast<MakeTorch>(dlsym(library, "faultline_make_torch_subject"));
  if (!make) throw InputError("--subject", file + " is not a torch subject of this version");
  std::string error;
  std::unique_ptr<Subject> subject(make(&options, &error));
  if (subject) {
    if (options.device != "cpu") require_device(*subject, library);
    return subject;
  }
  const size_t end_of_where = error.find('\n');
  throw InputError(error.substr(0, end_of_where), error.substr(end_of_where + 1));
}

// Runs in a child, because a process that has used the CUDA driver cannot fork. The parent of workers never
// uses the driver; each worker initialises it.
void require_gpu() {
  lift_address_space_limit();
  IsolatedLimits limits;
  limits.timeout_seconds = 60;
  const ChildAnswer answer = run_in_child(limits, engine::cuda::missing);
  if (answer.death)
    throw InputError("--device", "the search for a GPU ended with " + ending_text(answer.death->side));
  if (!answer.text.empty()) throw InputError("--device", "'cuda' is not available: " + answer.text);
}

engine::Device computing_device(const std::string& name) {
  const std::optional<engine::Device> device = engine::device_named(name);
  if (device == engine::Device(engine::DeviceType::cuda)) require_gpu();
  for (const engine::DeviceType type :
       {engine::DeviceType::cpu, engine::DeviceType::cuda, engine::DeviceType::host_cuda})
    if (device == engine::Device(type)) return *device;
  throw InputError("--device", "unknown device '" + name + "'; known: cpu, cuda, host_cuda");
}

// A planted bug changes the dispatcher of the operators, the fuser, or the machine that runs dispatch
// programs.
void plant(const std::string& name, EngineParts& parts) {
  if (const EnginePlant* found = engine_plant(name)) {
    for (engine::Registration& each : found->plant(*parts.dispatcher))
      parts.registrations.push_back(std::move(each));
    if (found->fuser) found->fuser(parts.fuser);
    return;
  }
  parts.machine = faulty_dispatcher(name);
  if (!parts.machine) throw InputError("--plant", "the engine has no planted bug " + name);
}

std::unique_ptr<Subject> make_engine(const SubjectOptions& options) {
  EngineParts parts = engine_parts(options.load);
  parts.device = computing_device(options.device);
  parts.memory_mib = options.memory_mib;
  parts.tolerances = options.tolerances;
  parts.make_peer = [memory = options.memory_mib] { return make_torch({.load = {}, .memory_mib = memory}); };
  if (!options.plant.empty()) plant(options.plant, parts);
  return std::make_unique<EngineSubject>(std::move(parts));
}

}  // namespace

std::string planted_library() {
  const std::string file = plugin_file(planted_plugin);
  if (file.empty()) throw InputError("--plant", missing(planted_plugin));
  return file;
}

std::unique_ptr<Subject> make_subject(std::string_view name, const SubjectOptions& options) {
  if (name == "torch") return make_torch(options);
  if (name == "engine") return make_engine(options);
  throw InputError("--subject", "unknown subject '" + std::string(name) + "'; known: engine, torch");
}

}  // namespace oracles
