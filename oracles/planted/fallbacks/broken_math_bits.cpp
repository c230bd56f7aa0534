#include "engine/backends/copy.h"
#include "oracles/planted/fallbacks/broken_fallbacks.h"
#include "oracles/planted/fallbacks/over_fallback.h"

namespace oracles {

namespace {

using engine::Call;
using engine::Kernel;
using engine::Stack;
using engine::Tensor;
using engine::Value;

constexpr engine::DispatchKey key = engine::DispatchKey::Negative;

engine::Registrations over(engine::Dispatcher& dispatcher, Wrong wrong) {
  return put_over(dispatcher, key, has_fallback<key>, wrong);
}

Tensor resolved(const Call& call, const Tensor& tensor) {
  return engine::ops::resolved(call.dispatcher(), tensor, key);
}
auto resolving(const Call& call) {
  return [&call](const Tensor& tensor) { return resolved(call, tensor); };
}
bool is_written(const Call& call, size_t i) { return call.schema().arguments[i].is_write(); }

void resolves_the_first(const Kernel& right, const Call& call, Stack& stack) {
  if (call.schema().is_mutable()) return call_kernel(right, call, stack);
  substitute(call, stack, key, resolving(call), [](size_t i) { return i == 0; });
}

void writes_a_copy(const Kernel&, const Call& call, Stack& stack) {
  substitute(call, stack, key, resolving(call));
}

void returns_another(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  if (!call.schema().is_mutable() || call.schema().returns.empty() || !stack.back().is_tensor()) return;
  const Tensor made = stack.back().tensor();
  stack.replace_last(1, made.view(made.sizes(), made.strides(), made.offset()));
}

void counts_twice(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<const Value> arguments = stack.last(call.schema().arguments.size());
  std::vector<Value> written;
  for (size_t i = 0; i < arguments.size(); ++i)
    if (is_written(call, i) && arguments[i].keys().has(key)) written.push_back(arguments[i]);
  call_kernel(right, call, stack);
  for (const Value& each : written)
    if (each.is_tensor()) each.tensor().bump_version();
}

void forgets_optional_lists(const Kernel& right, const Call& call, Stack& stack) {
  if (call.schema().is_mutable()) return call_kernel(right, call, stack);
  const std::span<const Value> arguments = stack.last(call.schema().arguments.size());
  substitute(call, stack, key, resolving(call),
             [&](size_t i) { return !arguments[i].is(engine::ValueTag::optional_tensors); });
}

// The tensor's memory holds what the tensor shows while the kernel runs.
void negates_where_it_lies(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(call.schema().arguments.size());
  const bool first = !arguments.empty() && is_written(call, 0) && arguments[0].keys().has(key);
  if (!first || !arguments[0].is_tensor()) return call_kernel(right, call, stack);
  const Tensor original = arguments[0].tensor(), memory = original.toggled(key);
  engine::copy_elements(memory, resolved(call, original));
  arguments[0] = engine::ops::resolved(call.dispatcher(), memory, key);
  const Tensor computed = arguments[0].tensor();
  substitute(call, stack, key, resolving(call));
  engine::copy_values(original, computed);
  stack.back() = original;
}

void sets_the_bit(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor& made = stack.back().tensor();
  made.set_keys(made.keys().add(key));
}

void runs_twice(const Kernel& right, const Call& call, Stack& stack) {
  Stack again = stack;
  call_kernel(right, call, again);
  call_kernel(right, call, stack);
}

void forgets_written_lists(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(call.schema().arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i)
    if (is_written(call, i) && arguments[i].is(engine::ValueTag::tensors))
      engine::ops::replace_tensors(
          arguments[i], [](const Tensor& tensor) { return tensor.is_neg(); }, resolving(call));
  call_kernel(right, call, stack);
}

void loses_the_conjugate(const Kernel& right, const Call& call, Stack& stack) {
  if (call.schema().is_mutable()) return call_kernel(right, call, stack);
  substitute(call, stack, key, [&](const Tensor& tensor) {
    return resolved(call, tensor.is_conj() ? tensor.toggled(engine::DispatchKey::Conjugate) : tensor);
  });
}

}  // namespace

std::vector<BrokenFallback> broken_math_bits() {
  using engine::Dispatcher;
  using engine::Operator;
  return {
      {42, "the first argument alone is resolved", [](Dispatcher& d) { return over(d, resolves_the_first); }},
      {43, "what is written goes to a copy and no further",
       [](Dispatcher& d) { return over(d, writes_a_copy); }},
      {44, "another tensor is returned than the one that was given",
       [](Dispatcher& d) { return over(d, returns_another); }},
      {45, "writing back counts as another write", [](Dispatcher& d) { return over(d, counts_twice); }},
      {46, "a view of a lazy negative is one of a copy",
       [](Dispatcher& d) { return put_over(d, key, is_view, writes_a_copy); }},
      {47, "lists of optional tensors are passed over",
       [](Dispatcher& d) { return over(d, forgets_optional_lists); }},
      {48, "a written tensor is negated where it lies before others are read",
       [](Dispatcher& d) { return over(d, negates_where_it_lies); }},
      {49, "a second negation does not undo the first",
       [](Dispatcher& d) {
         return put_over(
             d, engine::DispatchKey::CPU, [](const Operator& op) { return op.name() == "aten::_neg_view"; },
             sets_the_bit);
       }},
      {50, "the kernel runs once for its shape and once more for its values",
       [](Dispatcher& d) { return over(d, runs_twice); }},
      {51, "elements of a written list are resolved and forgotten",
       [](Dispatcher& d) { return over(d, forgets_written_lists); }},
      {110, "a resolved negative has lost its conjugate, too",
       [](Dispatcher& d) { return over(d, loses_the_conjugate); }},
  };
}

}  // namespace oracles
