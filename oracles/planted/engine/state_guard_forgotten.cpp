// mm, which leaves a layer switched off when it raises.
#include "oracles/planted/engine/engine_plant.h"
#include "oracles/planted/engine/forgotten_guard.h"

namespace oracles {

namespace {

const DeclaredPlant declared{
    {"state_guard_forgotten", "state", "aten::mm", "leaves a dispatch key excluded when it raises",
     [](engine::Dispatcher& dispatcher) {
       return replace_kernel<ForgetsItsGuard>(dispatcher, "aten::mm", engine::DispatchKey::CPU);
     }}};

}  // namespace

}  // namespace oracles
