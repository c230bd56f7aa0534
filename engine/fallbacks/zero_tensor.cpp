// ZeroTensor: kernels see real zeros in its place. It is immutable: a call that would write one is refused
// before anything has changed. Operators whose result is zero for zeros have kernels of their own here, made
// of their zero rules (engine/ops/zero_rule.h).
#include "engine/core/error.h"
#include "engine/dispatch/operator.h"
#include "engine/fallbacks/fallbacks.h"
#include "engine/ops/resolve.h"

namespace engine::fallbacks {

namespace {

constexpr DispatchKey key = DispatchKey::ZeroTensor;

void refuse_written(const Schema& schema, std::span<const Value> arguments) {
  for (size_t i = 0; i < arguments.size(); ++i)
    if (schema.arguments[i].is_write() && arguments[i].keys().has(key))
      throw Error("ZeroTensors are immutable. Please use clone() on '" + schema.arguments[i].name +
                  "' before it is written by " + schema.qualified() + ".");
}

void serve(const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(call.schema().arguments.size());
  refuse_written(call.schema(), arguments);
  ops::resolve_arguments(call, arguments, key);
  call.op().redispatch_boxed(call.keys & KeySet::full_after(key), stack);
}

}  // namespace

Kernel zero_tensor() { return Kernel::from_boxed(serve); }

}  // namespace engine::fallbacks
