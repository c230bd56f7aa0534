#include "oracles/planted/engine/forgotten_guard.h"

namespace oracles::plants {
namespace {

const DeclaredPlant neg_guard_forgotten{
    {"neg_guard_forgotten", "neg", "aten::mm",
     "leaves a dispatch key excluded when it raises, only for a lazy negative",
     replacing({"aten::mm"}, {DispatchKey::Negative}, forget_guard)}};

}  // namespace
}  // namespace oracles::plants
