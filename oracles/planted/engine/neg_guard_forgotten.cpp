// mm of a lazy negative, which leaves a layer switched off when it raises: nothing that a direct run shows.
#include "oracles/planted/engine/engine_plant.h"
#include "oracles/planted/engine/forgotten_guard.h"

namespace oracles {

namespace {

const DeclaredPlant declared{
    {"neg_guard_forgotten", "neg", "aten::mm",
     "leaves a dispatch key excluded when it raises, with a lazy negative among its arguments alone",
     [](engine::Dispatcher& dispatcher) {
       return replace_kernel<ForgetsItsGuard>(dispatcher, "aten::mm", engine::DispatchKey::Negative);
     }}};

}  // namespace

}  // namespace oracles
