// ZeroTensor: kernels see materialized zeros. A ZeroTensor is immutable: a call that would write one raises
// before anything has changed. Operators with a zero rule have their own kernels here
// (engine/ops/zero_rule.h).
#include <fmt/core.h>

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
      throw Error(
          fmt::format("ZeroTensors are immutable. Please use clone() on '{}' before it is written by {}.",
                      schema.arguments[i].name, schema.qualified()));
}

void serve_zeros(const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(call.schema().arguments.size());
  refuse_written(call.schema(), arguments);
  ops::resolve_arguments(call, arguments, key);
  call.op().redispatch_boxed(call.keys & KeySet::full_after(key), stack);
}

}  // namespace

Kernel zero_tensor() { return Kernel::from_boxed(serve_zeros); }

}  // namespace engine::fallbacks
