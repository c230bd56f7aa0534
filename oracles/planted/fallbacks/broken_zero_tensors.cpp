#include <cstring>

#include "engine/backends/copy.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "oracles/planted/fallbacks/broken_fallbacks.h"
#include "oracles/planted/fallbacks/over_fallback.h"

namespace oracles {

namespace {

using engine::Call;
using engine::DType;
using engine::Kernel;
using engine::Stack;
using engine::Tensor;
using engine::Value;

constexpr engine::DispatchKey key = engine::DispatchKey::ZeroTensor;

engine::Registrations over(engine::Dispatcher& dispatcher, Wrong wrong) {
  return put_over(dispatcher, key, has_fallback<key>, wrong);
}

Tensor filled(const Tensor& like, double value) {
  const Tensor made = engine::make_strided_tensor(like.dtype(), like.sizes(), like.strides(), like.device());
  engine::fill_elements(made, value);
  return made;
}
// Zeros that take no memory, and so have no strides.
Tensor one_zero(const Tensor& like) {
  const Tensor one = engine::make_tensor(like.dtype(), {}, like.device());
  std::memset(one.data(), 0, engine::size_of(one.dtype()));
  return one.view(like.sizes(), engine::Dims(like.rank(), 0), 0);
}
Tensor real_zeros(const Tensor& like) { return filled(like, 0); }

void reads_ones(const Kernel&, const Call& call, Stack& stack) {
  substitute(call, stack, key, [](const Tensor& zero) { return filled(zero, 1); });
}
void has_no_strides(const Kernel&, const Call& call, Stack& stack) { substitute(call, stack, key, one_zero); }
void writes_a_copy(const Kernel&, const Call& call, Stack& stack) {
  substitute(call, stack, key, real_zeros);
}
void forgets_optional_lists(const Kernel&, const Call& call, Stack& stack) {
  const std::span<const Value> arguments = stack.last(call.schema().arguments.size());
  substitute(call, stack, key, real_zeros,
             [&](size_t i) { return !arguments[i].is(engine::ValueTag::optional_tensors); });
}

void copies_nothing(const Kernel& right, const Call& call, Stack& stack) {
  const Value& source = stack.last(3)[1];
  if (source.tensor().defined() && source.tensor().is_zero()) return stack.drop(2);
  if (right.kind == engine::KernelKind::fallthrough) return pass_on(call, stack, key);
  call_kernel(right, call, stack);
}

void subtracts_bools(const Kernel& right, const Call& call, Stack& stack) {
  const engine::ops::Formulas ops(call.dispatcher());
  for (Value& operand : stack.last(3).first(2))
    if (operand.tensor().defined() && operand.tensor().dtype() == DType::b8)
      operand = ops.to_dtype(operand.tensor(), DType::i64);
  call_kernel(right, call, stack);
}

void clones_one_zero(const Kernel&, const Call&, Stack& stack) {
  stack.replace_last(2, one_zero(Tensor(stack.last(2)[0].tensor())));
}

void takes_a_view_for_a_write(const Kernel&, const Call&, Stack&) {
  throw engine::Error("ZeroTensors are immutable.");
}

}  // namespace

std::vector<BrokenFallback> broken_zero_tensors() {
  using engine::Dispatcher;
  using engine::Operator;
  return {
      {31, "a ZeroTensor is read as ones", [](Dispatcher& d) { return over(d, reads_ones); }},
      {32, "zero times infinity is zero",
       [](Dispatcher& d) { return engine_plant("zero_times_infinity")->plant(d); }},
      {33, "real zeros are one zero, expanded", [](Dispatcher& d) { return over(d, has_no_strides); }},
      {34, "a written ZeroTensor is replaced like one that is read",
       [](Dispatcher& d) { return over(d, writes_a_copy); }},
      {35, "a view of a ZeroTensor is one of real zeros",
       [](Dispatcher& d) { return put_over(d, key, is_view, writes_a_copy); }},
      {36, "lists of optional tensors are passed over",
       [](Dispatcher& d) { return over(d, forgets_optional_lists); }},
      {37, "a copy of a ZeroTensor into a tensor leaves that as it is",
       [](Dispatcher& d) {
         return put_over(
             d, key, [](const Operator& op) { return op.name() == "aten::copy_"; }, copies_nothing);
       }},
      {38, "a difference with a ZeroTensor does not look at its dtypes",
       [](Dispatcher& d) {
         return put_over(
             d, key, [](const Operator& op) { return op.name() == "aten::sub.Tensor"; }, subtracts_bools);
       }},
      {39, "a clone of a ZeroTensor is one zero, expanded",
       [](Dispatcher& d) {
         return put_over(
             d, key, [](const Operator& op) { return op.name() == "aten::clone"; }, clones_one_zero);
       }},
      {41, "squeeze_ with a dimension counts as a write",
       [](Dispatcher& d) {
         return put_over(
             d, key, [](const Operator& op) { return op.name() == "aten::squeeze_.dim"; },
             takes_a_view_for_a_write);
       }},
  };
}

}  // namespace oracles
