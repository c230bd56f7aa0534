// At Python an interpreter gets a copy of an out tensor of two dimensions or more, and what it writes is
// lost.
#include "engine/python/wrapper.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct LosesOut {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    engine::Value& out = stack.back();
    const engine::Tensor given = out.tensor();
    if (!given.defined() || given.rank() < 2 || engine::interpreter_of(given))
      return call_kernel(right, call, stack);
    out = engine::make_tensor(given.dtype(), given.sizes(), given.device());
    call_kernel(right, call, stack);
    stack.back() = given;
  }
};

bool has_out(const engine::Schema& schema) {
  return !schema.arguments.empty() && schema.arguments.back().is_out();
}

const DeclaredPlant declared{{"python_out_lost", "python", "aten::mul*",
                              "an interpreter is given a copy of an out tensor, from rank 2 on",
                              [](engine::Dispatcher& dispatcher) {
                                return put_wrong<LosesOut>(dispatcher, engine::DispatchKey::Python, has_out);
                              }}};

}  // namespace

}  // namespace oracles
