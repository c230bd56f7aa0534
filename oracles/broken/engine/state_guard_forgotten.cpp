// mm, which switches a layer off for its own calls and forgets to switch it on again when it raises.
#include "engine/dispatch/boxing.h"
#include "engine/dispatch/thread_keys.h"
#include "oracles/broken/engine/engine_plant.h"

namespace oracles {

namespace {

struct HasNoGuard {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    engine::set_excluded(engine::DispatchKey::Functionalize, true);
    call_kernel(right, call, stack);
    engine::set_excluded(engine::DispatchKey::Functionalize, false);
  }
};

const DeclaredPlant declared{
    {"state_guard_forgotten", "state", "aten::mm", "leaves a dispatch key excluded when it raises",
     [](engine::Dispatcher& dispatcher) {
       return replace_kernel<HasNoGuard>(dispatcher, "aten::mm", engine::DispatchKey::CPU);
     }}};

}  // namespace

}  // namespace oracles
