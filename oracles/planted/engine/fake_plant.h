// For planted bugs of fake tensors: a fake with something changed, and which setting a call is in.
#pragma once

#include "engine/core/shape.h"
#include "engine/core/symbolic_geometry.h"
#include "engine/fake/fake_mode.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {

inline engine::fake::FakeMode* fake_mode_of(const Tensor& tensor) {
  return tensor.defined() ? dynamic_cast<engine::fake::FakeMode*>(engine::interpreter_of(tensor)) : nullptr;
}

// The fake result of a call with one result; undefined if it is not fake.
inline Tensor fake_result(const Stack& stack) {
  const Value& last = stack.end()[-1];
  return last.is_tensor() && fake_mode_of(last.tensor()) ? last.tensor() : Tensor();
}

// The same geometry for a fake and its inner tensor.
inline void set_fake_geometry(const Tensor& fake, engine::IntSpan sizes, engine::IntSpan strides,
                              int64_t offset) {
  const engine::Dims kept_sizes = sizes.copy(), kept_strides = strides.copy();
  fake.set_geometry(kept_sizes, kept_strides, offset);
  engine::unwrapped(fake).set_geometry(kept_sizes, kept_strides, offset);
}

// Calls the right kernel. Whether the cache of the fake mode answered.
inline bool call_and_hit(const Kernel& right, const Call& call, Stack& stack) {
  engine::fake::FakeMode* mode = nullptr;
  for (const Value& value : stack.last(call.schema().arguments.size()))
    if (value.is_tensor() && !mode) mode = fake_mode_of(value.tensor());
  const uint64_t before = mode ? mode->cache().counts().hits : 0;
  call_kernel(right, call, stack);
  return mode && mode->cache().counts().hits > before;
}

}  // namespace oracles::plants
