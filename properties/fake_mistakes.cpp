#include "properties/fake_mistakes.h"

#include "engine/core/each_tensor.h"
#include "engine/dispatch/thread_keys.h"

namespace properties {

using engine::DispatchKey;
using engine::Stack;
using engine::Tensor;
using engine::Value;
using engine::fake::UseFakeMode;

namespace {

void call_right(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  const UseFakeMode in_force(mode);
  op.call_boxed(stack);
}

// Replaces each fake result.
template <class Change>
void change_results(FakeMode& mode, Stack& stack, const Change& change) {
  for (Value& value : stack)
    engine::change_each_tensor(value, [&](Tensor& tensor) {
      if (tensor.defined() && mode.is_fake(tensor)) tensor = change(Tensor(tensor));
    });
}

Tensor contiguous(const Tensor& fake) {
  fake.set_geometry(fake.sizes().copy(), engine::contiguous_strides(fake.sizes()), 0);
  return fake;
}

bool is_item(const engine::Operator& op) { return op.name() == "aten::_local_scalar_dense"; }

}  // namespace

Tensor converts_without_memo(FakeMode& mode, const Tensor& real) { return mode.fake_with_numbers(real); }
Tensor converts_and_bumps(FakeMode& mode, const Tensor& real) {
  real.bump_version();
  return mode.fake_of(real);
}
Tensor converts_and_writes(FakeMode& mode, const Tensor& real) {
  real.data<std::byte>()[0] = std::byte{1};
  return mode.fake_of(real);
}
Tensor converts_and_remembers(FakeMode& mode, const Tensor& real) {
  static thread_local std::vector<Tensor> remembered;
  remembered.push_back(real);
  return mode.fake_of(real);
}

void gives_contiguous_results(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  call_right(mode, op, stack);
  change_results(mode, stack, contiguous);
}
void gives_results_on_meta(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  call_right(mode, op, stack);
  change_results(mode, stack, engine::unwrapped);
}
void catches_errors(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  try {
    call_right(mode, op, stack);
  } catch (const engine::Error&) {
    stack.clear();
    stack.push_back(Tensor());
  }
}

void hits_give_contiguous_results(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  const uint64_t before = mode.cache().counts().hits;
  call_right(mode, op, stack);
  if (mode.cache().counts().hits > before) change_results(mode, stack, contiguous);
}
void hits_lose_a_key(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  const uint64_t before = mode.cache().counts().hits;
  call_right(mode, op, stack);
  if (mode.cache().counts().hits == before) return;
  change_results(mode, stack, [](const Tensor& fake) {
    fake.set_keys(fake.keys() - engine::KeySet(DispatchKey::ADInplaceOrView));
    return fake;
  });
}

void keeps_constants(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  const Tensor self = stack[0].tensor(), before = engine::fake::constant_of(self);
  call_right(mode, op, stack);
  if (before.defined() && !engine::fake::constant_of(self).defined())
    engine::fake::keep_constant(self, before);
}
// Of the written tensor the constant ends; every other result of the same memory gets it back.
void forgets_one_constant(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  static thread_local std::vector<std::pair<Tensor, Tensor>> known;  // fakes and their constants
  const Tensor self = stack[0].tensor();
  if (const Tensor constant = engine::fake::constant_of(self); constant.defined())
    known.emplace_back(self, constant);
  call_right(mode, op, stack);
  if (engine::fake::constant_of(self).defined()) return;
  for (const auto& [fake, constant] : known)
    if (!fake.is_same(self) && fake.shares_storage(self)) engine::fake::keep_constant(fake, constant);
}

void leaves_the_mode(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  engine::Modes inside;
  {
    const UseFakeMode in_force(mode);
    inside = engine::thread_modes;
  }
  try {
    call_right(mode, op, stack);
  } catch (...) {
    engine::thread_modes = inside;
    throw;
  }
}
void leaves_a_key_excluded(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  try {
    call_right(mode, op, stack);
  } catch (...) {
    engine::set_excluded(DispatchKey::Tracer, true);
    throw;
  }
}

void accepts_views_of_zeros(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  try {
    call_right(mode, op, stack);
  } catch (const engine::Error&) {
    if (op.name() != "law::turned") throw;
  }
}

void writes_before_each_item(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  if (is_item(op)) stack[0].tensor().bump_version();
  call_right(mode, op, stack);
}
void skips_writes(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  if (op.schema().is_mutable()) return;
  call_right(mode, op, stack);
}

void writes_plain_tensors(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  if (!mode.is_fake(stack[0].tensor())) stack[0].tensor().bump_version();
  call_right(mode, op, stack);
}
void converts_each_time(FakeMode& mode, const engine::Operator& op, Stack& stack) {
  const Tensor self = stack[0].tensor();
  if (!mode.is_fake(self) && !op.schema().is_mutable()) {
    const Tensor own = engine::make_strided_tensor(self.dtype(), self.sizes(), self.strides());
    stack[0] = Value(mode.fake_with_numbers(own));
  }
  call_right(mode, op, stack);
}

std::optional<engine::Device> takes_the_first_device(std::span<const Tensor> tensors) {
  return tensors[0].device();
}
std::optional<engine::Device> takes_the_first_with_dims(std::span<const Tensor> tensors) {
  for (const Tensor& each : tensors)
    if (each.rank() > 0) return each.device();
  return tensors[0].device();
}

}  // namespace properties
