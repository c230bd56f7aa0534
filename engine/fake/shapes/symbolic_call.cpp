#include "engine/fake/shapes/symbolic_call.h"

#include <algorithm>
#include <numeric>

#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/dispatch/operator.h"
#include "engine/fake/shapes/shape_env.h"

namespace engine::fake {

namespace {

using Order = SmallVector<size_t, 8>;

Order innermost_first(IntSpan strides) {
  Order order(strides.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(
      order, [&](size_t a, size_t b) { return strides[a] != strides[b] ? strides[a] < strides[b] : a > b; });
  return order;
}

// Strides of results depend on the order of the arguments' dimensions in memory, and on whether they are
// dense: what the kernel found must stay so. A dimension of one element does not matter to the latter.
void guard_layout(const Tensor& tensor) {
  const SymbolicGeometry* const symbols = symbolic_geometry(tensor);
  if (!symbols) return;
  const SymDims &sizes = symbols->sizes, &strides = symbols->strides;
  Order order = innermost_first(tensor.strides());
  for (size_t i = 0; i + 1 < order.size(); ++i) static_cast<void>(strides[order[i]] < strides[order[i + 1]]);
  const auto single = [&](size_t d) { return !sizes[d].is_symbol() && tensor.size(d) == 1; };
  order.erase(std::remove_if(order.begin(), order.end(), single), order.end());
  for (size_t i = 0; i + 1 < order.size(); ++i)
    static_cast<void>(strides[order[i + 1]] == strides[order[i]] * sizes[order[i]]);
}

void specialize(const Value& value) {
  for_each_tensor(value, [](const Tensor& tensor) {
    if (!tensor.defined()) return;
    for (const SymInt& size : sym_sizes(tensor)) size.specialized();
    for (const SymInt& stride : sym_strides(tensor)) stride.specialized();
    sym_offset(tensor).specialized();
  });
  if (!value.has_symbols()) return;
  if (value.is(ValueTag::symbol))
    value.sym_int().specialized();
  else
    for (const SymInt& each : value.sym_ints()) each.specialized();
}

// Dense strides in the order that the kernel chose. A dimension that the kernel gave another stride keeps it.
SymDims strides_like(const Tensor& computed, const SymDims& sizes) {
  SymDims strides(sizes.size());
  SymInt step = 1;
  for (const size_t d : innermost_first(computed.strides())) {
    const bool dense = step.hint() == computed.stride(d);
    strides[d] = dense ? step : SymInt(computed.stride(d));
    if (computed.size(d) > 0) step *= sizes[d];
  }
  return strides;
}

Dims hints_of(const SymDims& list) {
  Dims hints;
  for (const SymInt& each : list) hints.push_back(each.hint());
  return hints;
}

}  // namespace

SymbolicCall::SymbolicCall(const Call& call, const Stack& arguments) : call_(call) {
  for (const Value& value : arguments)
    for_each_tensor(value, [&](const Tensor& tensor) { arguments_.push_back(tensor); });
  try {
    results_ = symbolic_results(call, SymbolicArguments(call.schema(), arguments));
  } catch (const NeedsNumber&) {
    throw;
  } catch (const std::exception&) {
    refusal_ = std::current_exception();
    return;
  }
  if (!results_) {
    for (const Value& value : arguments) specialize(value);
    return;
  }
  for (const Tensor& tensor : arguments_)
    if (tensor.defined()) guard_layout(tensor);
  compare_outs(arguments);
}

// Whether an out= tensor has the sizes of its result before the call decides whether the kernel resizes it.
void SymbolicCall::compare_outs(const Stack& arguments) {
  size_t next = 0;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!call_.schema().arguments[i].is_out() || next >= results_->size()) continue;
    const Tensor out = arguments[i].tensor();
    const SymDims& planned = (*results_)[next++].sizes;
    if (!out.defined()) continue;
    const SymDims own = sym_sizes(out);
    if (!std::equal(own.begin(), own.end(), planned.begin(), planned.end())) resized_.push_back(out);
  }
}

void SymbolicCall::give_results(std::span<const Value> results) const {
  if (refusal_) std::rethrow_exception(refusal_);
  if (!results_) return;
  size_t next = 0;
  for_each_tensor(results, [&](const Tensor& tensor) {
    if (next >= results_->size() || !tensor.defined()) return;
    const SymbolicResult& planned = (*results_)[next++];
    const bool is_argument =
        std::ranges::any_of(arguments_, [&](const Tensor& each) { return each.is_same(tensor); });
    const bool resized =
        std::ranges::any_of(resized_, [&](const Tensor& each) { return each.is_same(tensor); });
    if (is_argument && !resized) {
      const SymDims own = sym_sizes(tensor);
      for (size_t d = 0; d < own.size(); ++d)
        if (!(own[d] == planned.sizes.at(d)))
          throw Error(call_.entry.name() + ": the result does not fit into the tensor that it is written to");
      return;
    }
    const SymDims strides = planned.is_view ? planned.strides : strides_like(tensor, planned.sizes);
    const SymInt offset = resized ? sym_offset(tensor) : planned.offset;
    if (IntSpan(hints_of(planned.sizes)) != tensor.sizes() ||
        IntSpan(hints_of(strides)) != tensor.strides() || offset.hint() != tensor.offset())
      throw Error(fmt::format("{}: the symbolic sizes {} are not those of the Meta kernel",
                              call_.entry.name(), to_string(Value(planned.sizes))),
                  ErrorKind::internal);
    set_symbolic_geometry(tensor, planned.sizes, strides, offset);
  });
}

}  // namespace engine::fake
