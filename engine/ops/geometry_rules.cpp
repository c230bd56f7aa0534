#include "engine/ops/geometry_rules.h"

#include <fmt/core.h>

#include <algorithm>

#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

// The operand's stride in dimension `d` of the result; 0 where it is broadcast.
int64_t stride_in(const Tensor& tensor, size_t d, IntSpan sizes) {
  const size_t lead = sizes.size() - tensor.rank();
  if (d < lead || tensor.size(d - lead) != sizes[d]) return 0;
  return tensor.stride(d - lead);
}

// Whether dimension `a` is inside `b` in memory: 1 yes, -1 no, 0 undecided by the operands.
int inside(size_t a, size_t b, IntSpan sizes, std::span<const Tensor* const> operands) {
  for (const Tensor* tensor : operands) {
    const int64_t sa = stride_in(*tensor, a, sizes), sb = stride_in(*tensor, b, sizes);
    if (sa == 0 || sb == 0) continue;
    if (sa != sb) return sa < sb ? 1 : -1;
    if (sizes[a] < sizes[b]) return 1;
  }
  return 0;
}

bool is_dense(const Tensor& tensor) {
  if (may_overlap(tensor.sizes(), tensor.strides())) return false;
  const Extent extent = extent_of(tensor.sizes(), tensor.strides());
  return extent.high - extent.low == tensor.element_count();
}

bool same_sizes(IntSpan sizes, std::span<const Tensor* const> operands) {
  return std::all_of(operands.begin(), operands.end(), [&](const Tensor* t) { return t->sizes() == sizes; });
}

}  // namespace

Dims strides_in_order(IntSpan sizes, std::span<const size_t> innermost_first) {
  Dims strides(sizes.size());
  int64_t step = 1;
  for (const size_t d : innermost_first) {
    strides[d] = step;
    step *= std::max<int64_t>(sizes[d], 1);
  }
  return strides;
}

Dims pointwise_strides(IntSpan sizes, std::span<const Tensor* const> operands) {
  if (same_sizes(sizes, operands) &&
      std::all_of(operands.begin(), operands.end(), [](const Tensor* t) { return t->is_contiguous(); }))
    return contiguous_strides(sizes);
  // If all operands have one dense geometry, the result has it.
  if (!operands.empty() && same_sizes(sizes, operands) && is_dense(*operands[0]) &&
      std::all_of(operands.begin(), operands.end(),
                  [&](const Tensor* t) { return t->strides() == operands[0]->strides(); }))
    return operands[0]->strides().copy();
  SmallVector<size_t, 8> order(sizes.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = order.size() - 1 - i;
  // An insertion sort: undecided pairs are not a strict weak order, which std::sort needs.
  for (size_t i = 1; i < order.size(); ++i) {
    size_t at = i;
    for (size_t j = i; j-- > 0;) {
      const int order_of_two = inside(order[at], order[j], sizes, operands);
      if (order_of_two > 0) {
        std::swap(order[at], order[j]);
        at = j;
      } else if (order_of_two < 0) {
        break;
      }
    }
  }
  return strides_in_order(sizes, span_of(order));
}

Dims preserved_strides(const Tensor& tensor) {
  if (is_dense(tensor)) return tensor.strides().copy();
  const Tensor* const operand = &tensor;
  return pointwise_strides(tensor.sizes(), {&operand, 1});
}

std::optional<Dims> viewed_strides(IntSpan sizes, IntSpan strides, IntSpan wanted) {
  return viewed_strides_of<int64_t>(sizes, strides, wanted);
}

bool overlaps_itself(const Tensor& tensor) {
  if (!may_overlap(tensor.sizes(), tensor.strides())) return false;
  for (size_t d = 0; d < tensor.rank(); ++d)
    if (tensor.stride(d) == 0 && tensor.size(d) > 1) return true;
  constexpr int64_t countable = 1 << 16;
  if (tensor.element_count() > countable) return true;
  std::vector<int64_t> positions;
  for_each_position(tensor.sizes(), tensor.strides(), 0, [&](int64_t at) { positions.push_back(at); });
  std::sort(positions.begin(), positions.end());
  return std::adjacent_find(positions.begin(), positions.end()) != positions.end();
}

void refuse_self_overlap(const Tensor& written) {
  if (overlaps_itself(written))
    throw Error(
        "unsupported operation: more than one element of the written-to tensor refers to a single memory "
        "location. Please clone() the tensor before performing the operation.");
}

Overlap overlap_of(const Tensor& a, const Tensor& b) {
  if (!a.shares_storage(b) || a.element_count() == 0 || b.element_count() == 0) return Overlap::none;
  const auto bytes = [](const Tensor& t) {
    const Extent extent = extent_of(t.sizes(), t.strides());
    const auto width = static_cast<int64_t>(size_of(t.dtype()));
    return std::pair((t.offset() + extent.low) * width, (t.offset() + extent.high) * width);
  };
  const auto [a_low, a_high] = bytes(a);
  const auto [b_low, b_high] = bytes(b);
  if (a_high <= b_low || b_high <= a_low) return Overlap::none;
  if (a.dtype() == b.dtype() && a.offset() == b.offset() && a.sizes() == b.sizes() &&
      significant_strides(a.sizes(), a.strides()) == significant_strides(b.sizes(), b.strides()))
    return Overlap::full;
  return is_dense(a) && is_dense(b) ? Overlap::partial : Overlap::unclear;
}

void refuse_devices(Device one, Device other) {
  throw Error(
      fmt::format("Expected all tensors to be on the same device, but found at least two devices, {} and {}!",
                  to_string(one), to_string(other)));
}

Device common_device(const CallArguments& args) {
  std::optional<Device> device;
  bool settled = false;  // by a tensor that is not a 0-dim CPU one
  size_t operands = 0;
  for (size_t i = 0; i < args.size(); ++i) {
    const bool out = args.schema().arguments[i].is_out();
    if (out && operands == 1) break;  // out= tensors are last
    for_each_tensor(args[i], [&](const Tensor& tensor) {
      if (!tensor.defined()) return;
      if (!out) ++operands;
      const bool goes_along = tensor.rank() == 0 && tensor.device().type == DeviceType::cpu;
      if (!device || (!settled && !goes_along)) device = tensor.device();
      if (goes_along) return;
      if (settled && tensor.device() != *device) refuse_devices(*device, tensor.device());
      settled = true;
    });
  }
  return device.value_or(DeviceType::cpu);
}

}  // namespace engine::ops
