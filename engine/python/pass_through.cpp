#include "engine/python/pass_through.h"

#include <algorithm>

namespace engine {

namespace {

// An argument of the call, and the argument of the inner call.
struct Given {
  Tensor outer, inner;
};

const Given* given_as(const std::vector<Given>& arguments, const Tensor& inner) {
  const auto found = std::find_if(arguments.begin(), arguments.end(),
                                  [&](const Given& each) { return each.inner.is_same(inner); });
  return found == arguments.end() ? nullptr : &*found;
}

}  // namespace

Answer PassThrough::dispatch(const Call& call, Stack& stack) {
  seen_.push_back(&call.entry);
  call.op().call_boxed(stack);
  return Answer::done;
}

Answer Wrapping::dispatch(const Call& call, Stack& stack) {
  std::vector<Given> arguments;
  for (Value& value : stack)
    change_each_tensor(value, [&](Tensor& tensor) {
      if (!tensor.defined()) return;
      Tensor inner(interpreter_of(tensor) == this ? unwrapped(tensor) : tensor);
      arguments.push_back({tensor, inner});
      tensor = std::move(inner);
    });
  PassThrough::dispatch(call, stack);
  for (const Given& each : arguments)
    if (!each.outer.is_same(each.inner)) follow(each.outer);
  for (Value& value : stack)
    change_each_tensor(value, [&](Tensor& tensor) {
      if (!tensor.defined()) return;
      const Given* const given = given_as(arguments, tensor);
      Tensor outer(given ? given->outer : wrap(tensor));
      tensor = std::move(outer);
    });
  return Answer::done;
}

const Wrapping::Mirror* Wrapping::mirror_of(const Storage& inner) const {
  const auto found = std::find_if(mirrors_.begin(), mirrors_.end(),
                                  [&](const Mirror& mirror) { return mirror.inner == inner; });
  return found == mirrors_.end() ? nullptr : &*found;
}

const Storage& Wrapping::mirrored(const Storage& inner) {
  if (const Mirror* const known = mirror_of(inner)) return known->outer;
  mirrors_.push_back({inner, make_storage_without_data(inner->device(), inner->bytes())});
  return mirrors_.back().outer;
}

Tensor Wrapping::wrap(const Tensor& inner) {
  return make_wrapper(*this, inner, mirrored(inner.storage()), inner.device());
}

// A call may have changed the geometry or the storage of the inner tensor.
void Wrapping::follow(const Tensor& wrapper) {
  const Tensor& inner = unwrapped(wrapper);
  wrapper.set_geometry(inner.sizes(), inner.strides(), inner.offset());
  if (const Storage& storage = mirrored(inner.storage()); wrapper.storage() != storage)
    wrapper.set_storage(storage);
}

uint32_t Wrapping::version(const Tensor& tensor) const {
  const Tensor& inner = unwrapped(tensor);
  const Mirror* const mirror = mirror_of(inner.storage());
  return inner.version() + (mirror ? mirror->outer->version() : 0);
}

}  // namespace engine
