// Interpreters are looked for in the first element of a list only.
#include "engine/core/error.h"
#include "engine/python/modes.h"
#include "engine/python/wrapper.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct LooksAtFirst {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    bool found = engine::thread_modes.any();
    for (const engine::Value& value : stack.last(call.schema().arguments.size())) {
      const engine::Tensor* first = nullptr;
      engine::for_each_tensor(value, [&](const engine::Tensor& tensor) {
        if (!first && tensor.defined()) first = &tensor;
      });
      found = found || (first && engine::interpreter_of(*first));
    }
    if (!found) throw engine::Error("no argument has an interpreter", engine::ErrorKind::internal);
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{{"python_list_unasked", "python", "aten::cat*",
                              "interpreters are looked for in the first element of a list only",
                              [](engine::Dispatcher& dispatcher) {
                                return put_wrong<LooksAtFirst>(dispatcher, engine::DispatchKey::Python);
                              }}};

}  // namespace

}  // namespace oracles
