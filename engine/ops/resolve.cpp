#include "engine/ops/resolve.h"

#include "engine/core/error.h"
#include "engine/core/shape.h"
#include "engine/dispatch/dispatcher.h"

namespace engine::ops {

namespace {

// Calls from below a layer, as this thread would make them there with tensors of these keys. The keys of the
// call that is being served would not do: another argument may have brought Python, or a device.
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

// Nothing but views of arguments comes out, and nothing is written.
bool is_mere_view(const Schema& schema) {
  return !schema.is_mutable() && !schema.returns.empty() &&
         std::all_of(schema.returns.begin(), schema.returns.end(),
                     [](const Argument& result) { return result.alias.has_value(); });
}

[[noreturn]] void refuse_viewed(const Call& call, const Argument& argument, DispatchKey layer) {
  throw Error(call.schema().qualified() + " may return a view of '" + argument.name +
              "' and does more than that: it cannot be called with a tensor that has the " +
              std::string(name_of(layer)) + " key. Please clone() the tensor before.");
}

}  // namespace

Tensor resolved(Dispatcher& dispatcher, const Tensor& dressed, DispatchKey layer) {
  const Below below(dispatcher, dressed.keys(), layer);
  const IntSpan sizes = dressed.sizes(), strides = dressed.strides();
  if (!may_overlap(sizes, strides)) {
    const Tensor plain =
        below("aten::empty_strided", {sizes, strides, dressed.dtype(), Value(), dressed.device(), Value()});
    return below("aten::copy_", {plain, dressed, false});
  }
  // An element that shows more than once is one element again: all memory under the tensor is copied.
  const Extent extent = extent_of(sizes, strides);
  const Tensor memory = dressed.view({extent.high - extent.low}, {1}, dressed.offset() + extent.low);
  return below("aten::clone", {memory, Value()}).view(sizes, strides, -extent.low);
}

void copy_below(Dispatcher& dispatcher, const Tensor& to, const Tensor& from, DispatchKey layer) {
  Below(dispatcher, to.keys() | from.keys(), layer)("aten::copy_", {to, from, false});
}

std::vector<Written> resolve_arguments(const Call& call, std::span<Value> arguments, DispatchKey layer) {
  std::vector<Written> written;
  const Schema& schema = call.schema();
  const auto carries = [&](const Tensor& tensor) { return tensor.keys().has(layer); };
  const auto plain_of = [&](const Tensor& tensor) { return resolved(call.dispatcher(), tensor, layer); };
  const auto plain_of_written = [&](const Tensor& tensor) {
    for (const Written& each : written)
      if (each.original.is_same(tensor)) return each.plain;
    const Tensor plain = plain_of(tensor);
    written.push_back({tensor, plain, plain.offset()});
    return plain;
  };
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].keys().has(layer)) continue;
    const Argument& argument = schema.arguments[i];
    if (argument.is_write())
      replace_tensors(arguments[i], carries, plain_of_written);
    else if (!argument.alias)
      replace_tensors(arguments[i], carries, plain_of);
    else if (!is_mere_view(schema))
      refuse_viewed(call, argument, layer);
  }
  return written;
}

}  // namespace engine::ops
