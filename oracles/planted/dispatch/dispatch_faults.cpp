#include "oracles/planted/dispatch/dispatch_faults.h"

#include <dlfcn.h>

#include <array>

#include "engine/core/input_error.h"
#include "oracles/subjects/plugin_file.h"

namespace oracles {

namespace {

const std::array faults{std::to_array<DispatchFault>({
#include "dispatch_faults/dispatch_faults.inc"
})};

std::unique_ptr<DispatchMachine> made(int fault) {
  using Make = DispatchMachine* (*)(int fault);
  static const auto make = [] {
    const std::string file = plugin_file("libfaultline_dispatch_faults.so");
    if (file.empty())
      throw engine::InputError("--plant", "this build has no libfaultline_dispatch_faults.so");
    void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) throw engine::InputError("--plant", dlerror());
    return reinterpret_cast<Make>(dlsym(library, "faultline_faulty_machine"));
  }();
  return std::unique_ptr<DispatchMachine>(make(fault));
}

}  // namespace

std::span<const DispatchFault> dispatch_faults() { return faults; }

std::unique_ptr<DispatchMachine> faulty_dispatcher(std::string_view name) {
  if (name.empty()) return made(0);
  for (size_t i = 0; i < faults.size(); ++i)
    if (faults[i].name == name) return made(static_cast<int>(i) + 1);
  return nullptr;
}

}  // namespace oracles
