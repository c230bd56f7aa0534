#include "engine/ops/resolve.h"

#include <fmt/core.h>

#include "engine/core/error.h"
#include "engine/core/shape.h"
#include "engine/dispatch/dispatcher.h"

namespace engine::ops {

namespace {

// Calls operators below a layer, with the keys that this thread would use there for tensors of these keys.
// The keys of the current call do not replace them: another argument may have added Python, or a device.
class Below {
 public:
  Below(Dispatcher& dispatcher, KeySet tensors, DispatchKey layer)
      : dispatcher_(dispatcher), keys_(with_thread_keys(tensors) & KeySet::full_after(layer)) {}

  Tensor operator()(std::string_view name, Stack stack) const {
    dispatcher_.op(name).redispatch_boxed(keys_, stack);
    return stack.pop().tensor();
  }

 private:
  Dispatcher& dispatcher_;
  KeySet keys_;
};

// All results are views of arguments, and nothing is written.
bool returns_only_views(const Schema& schema) {
  return !schema.is_mutable() && !schema.returns.empty() &&
         std::all_of(schema.returns.begin(), schema.returns.end(),
                     [](const Argument& result) { return result.alias.has_value(); });
}

[[noreturn]] void refuse_viewed(const Call& call, const Argument& argument, DispatchKey layer) {
  throw Error(
      fmt::format("{} may return a view of '{}' and does more than that: it cannot be called with a "
                  "tensor that has the {} key. Please clone() the tensor before.",
                  call.schema().qualified(), argument.name, name_of(layer)));
}

}  // namespace

Tensor resolved(Dispatcher& dispatcher, const Tensor& lazy, DispatchKey layer) {
  const Below below(dispatcher, lazy.keys(), layer);
  const IntSpan sizes = lazy.sizes(), strides = lazy.strides();
  if (!may_overlap(sizes, strides)) {
    const Tensor plain =
        below("aten::empty_strided", {sizes, strides, lazy.dtype(), Value(), lazy.device(), Value()});
    return below("aten::copy_", {plain, lazy, false});
  }
  // Copies all memory under the tensor, so that an element that it shows more than once stays one element.
  const Extent extent = extent_of(sizes, strides);
  const Tensor memory = lazy.view({extent.high - extent.low}, {1}, lazy.offset() + extent.low);
  return below("aten::clone", {memory, Value()}).view(sizes, strides, -extent.low);
}

void copy_below(Dispatcher& dispatcher, const Tensor& to, const Tensor& from, DispatchKey layer) {
  Below(dispatcher, to.keys() | from.keys(), layer)("aten::copy_", {to, from, false});
}

std::vector<Written> resolve_arguments(const Call& call, std::span<Value> arguments, DispatchKey layer) {
  std::vector<Written> written;
  const Schema& schema = call.schema();
  // The bit of a wrapper is left to its interpreter.
  const auto carries = [&](const Tensor& tensor) {
    return tensor.keys().has(layer) && !tensor.keys().has(DispatchKey::Python);
  };
  const auto plain_of = [&](const Tensor& tensor) { return resolved(call.dispatcher(), tensor, layer); };
  const auto plain_of_written = [&](const Tensor& tensor) {
    for (const Written& each : written)
      if (each.original.is_same(tensor)) return each.plain;
    const Tensor plain = plain_of(tensor);
    written.push_back({tensor, plain, plain.offset()});
    return plain;
  };
  for (size_t i = 0; i < arguments.size(); ++i) {
    bool any = false;
    for_each_tensor(arguments[i], [&](const Tensor& tensor) { any = any || carries(tensor); });
    if (!any) continue;
    const Argument& argument = schema.arguments[i];
    if (argument.is_write())
      replace_tensors(arguments[i], carries, plain_of_written);
    else if (!argument.alias)
      replace_tensors(arguments[i], carries, plain_of);
    else if (!returns_only_views(schema))
      refuse_viewed(call, argument, layer);
  }
  return written;
}

}  // namespace engine::ops
