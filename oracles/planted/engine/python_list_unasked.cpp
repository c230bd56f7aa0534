#include "engine/core/error.h"
#include "engine/python/modes.h"
#include "engine/python/wrapper.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void look_at_first(const Kernel& right, const Call& call, Stack& stack) {
  bool found = engine::thread_modes.any();
  for (const Value& value : stack.last(call.schema().arguments.size())) {
    const Tensor* first = nullptr;
    engine::for_each_tensor(value, [&](const Tensor& tensor) {
      if (!first && tensor.defined()) first = &tensor;
    });
    found = found || (first && engine::interpreter_of(*first));
  }
  if (!found) throw engine::Error("no argument has an interpreter", engine::ErrorKind::internal);
  call_kernel(right, call, stack);
}

const DeclaredPlant python_list_unasked{{"python_list_unasked", "python", "aten::cat*",
                                         "interpreters are looked up in the first element of a list only",
                                         replacing({"*"}, {DispatchKey::Python}, look_at_first)}};

}  // namespace
}  // namespace oracles::plants
