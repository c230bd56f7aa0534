// flip, which takes the first dimension, alone and counted from the end, for out of range.
#include <vector>

#include "engine/core/error.h"
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct RefusesTheFirst {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const std::span<engine::Value> arguments = stack.last(2);
    const engine::Dims& dims = arguments[1].integers();
    const auto rank = static_cast<int64_t>(arguments[0].tensor().rank());
    if (dims.size() == 1 && dims[0] == -rank)
      throw engine::Error("Dimension out of range", engine::ErrorKind::index);
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{{"reference_flip_refuses_first", "reference", "aten::flip",
                              "takes the first dimension, alone and counted from the end, for out of range",
                              [](engine::Dispatcher& dispatcher) {
                                return replace_kernel<RefusesTheFirst>(dispatcher, "aten::flip",
                                                                       engine::DispatchKey::CPU);
                              }}};

}  // namespace

}  // namespace oracles
