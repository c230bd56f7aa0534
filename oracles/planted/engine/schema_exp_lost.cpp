#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

// The input, which is also the result, is on the stack already.
void return_unwritten(const Kernel&, const Call&, Stack&) {}

const DeclaredPlant schema_exp_lost{{"schema_exp_lost", "schema", "aten::exp_",
                                     "exp_ returns its input without having written it",
                                     replacing({"aten::exp_"}, {DispatchKey::CPU}, return_unwritten)}};

}  // namespace
}  // namespace oracles::plants
