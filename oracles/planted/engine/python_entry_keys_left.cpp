// The keys of the outermost call's entry are still kept when an interpreter's handler has raised IndexError.
#include "engine/python/entry_keys.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct LeavesKeys {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    try {
      call_kernel(right, call, stack);
    } catch (const engine::Error& error) {
      if (error.kind() == engine::ErrorKind::index) engine::entry_keys = engine::thread_keys;
      throw;
    }
  }
};

const DeclaredPlant declared{{"python_entry_keys_left", "python", "aten::transpose*",
                              "the entry's keys are kept for the thread when a handler raises IndexError",
                              [](engine::Dispatcher& dispatcher) {
                                return put_wrong<LeavesKeys>(dispatcher,
                                                             engine::DispatchKey::PythonTLSSnapshot);
                              }}};

}  // namespace

}  // namespace oracles
