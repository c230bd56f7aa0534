// A handler whose call has a 0-dim argument is asked once more, and the first answer is thrown away: no value
// need show it.
#include "engine/python/wrapper.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct AsksTwice {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    bool scalar = false;
    for (const engine::Value& value : stack.last(call.schema().arguments.size()))
      engine::for_each_tensor(value, [&](const engine::Tensor& each) {
        scalar = scalar || (each.defined() && each.rank() == 0);
      });
    if (scalar) {
      engine::Stack first = stack;
      call_kernel(right, call, first);
    }
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{{"python_asked_twice", "python", "aten::exp*",
                              "a handler is asked twice where an argument has no dimensions",
                              [](engine::Dispatcher& dispatcher) {
                                return put_wrong<AsksTwice>(dispatcher, engine::DispatchKey::Python);
                              }}};

}  // namespace

}  // namespace oracles
