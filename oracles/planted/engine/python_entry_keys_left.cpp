#include "engine/python/entry_keys.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void leave_entry_keys(const Kernel& right, const Call& call, Stack& stack) {
  try {
    call_kernel(right, call, stack);
  } catch (const engine::Error& error) {
    if (error.kind() == engine::ErrorKind::index) engine::entry_keys = engine::thread_keys;
    throw;
  }
}

const DeclaredPlant python_entry_keys_left{
    {"python_entry_keys_left", "python", "aten::transpose*",
     "the keys of the outermost call's entry stay set for the thread if an interpreter raises IndexError",
     replacing({"*"}, {DispatchKey::PythonTLSSnapshot}, leave_entry_keys)}};

}  // namespace
}  // namespace oracles::plants
