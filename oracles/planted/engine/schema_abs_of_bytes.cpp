// abs, which returns its very input where there is nothing to do.
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct ReturnsItsInput {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const engine::Tensor& self = stack.back().tensor();
    if (!self.defined() || self.dtype() != engine::DType::u8) call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{
    {"schema_abs_of_bytes", "schema", "aten::abs",
     "returns its very input when that is unsigned; the schema promises a new tensor",
     [](engine::Dispatcher& dispatcher) {
       return replace_kernel<ReturnsItsInput>(dispatcher, "aten::abs", engine::DispatchKey::CPU);
     }}};

}  // namespace

}  // namespace oracles
