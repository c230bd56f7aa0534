#include "oracles/planted/engine/forgotten_guard.h"

namespace oracles::plants {
namespace {

const DeclaredPlant state_guard_forgotten{{"state_guard_forgotten", "state", "aten::mm",
                                           "leaves a dispatch key excluded when it raises",
                                           replacing({"aten::mm"}, {DispatchKey::CPU}, forget_guard)}};

}  // namespace
}  // namespace oracles::plants
