// index: elements chosen by tensors of integers, one or none for each leading dimension, which are broadcast.
// If the indexed dimensions are adjacent, the dimensions of the indices replace them, otherwise these come
// first. Refuses masks: the number of elements that a mask chooses is data, which a rule does not read.
#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "engine/backends/cpu/blocks.h"
#include "engine/backends/lanes.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/host_compute.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

using Indices = std::vector<const Tensor*>;  // by dimension; null for a dimension without an index

Indices indices_of(const CallArguments& args) {
  Indices indices;
  for (const std::optional<Tensor>& each : args[1].optional_tensors())
    indices.push_back(each && each->defined() ? &*each : nullptr);
  const size_t rank = args.tensor(0).rank();
  if (indices.size() > rank)
    throw Error(fmt::format("too many indices for tensor of dimension {} (got {})", rank, indices.size()),
                ErrorKind::index);
  indices.resize(rank, nullptr);
  for (const Tensor* index : indices) {
    if (!index || index->dtype() == DType::i64) continue;
    if (index->dtype() == DType::b8 || index->dtype() == DType::u8)
      throw Error("index: masks are not implemented", ErrorKind::not_implemented);
    throw Error("tensors used as indices must be long, byte or bool tensors", ErrorKind::index);
  }
  return indices;
}

struct IndexLayout {
  Dims chosen;       // the sizes that the indices broadcast to
  size_t place = 0;  // where they begin among the result's dimensions
};

IndexLayout layout_of(const Indices& indices) {
  IndexLayout layout;
  size_t runs = 0;
  for (size_t d = 0; d < indices.size(); ++d) {
    if (!indices[d]) continue;
    layout.chosen = broadcast_sizes<int64_t>(IntSpan(layout.chosen), indices[d]->sizes());
    if (d > 0 && indices[d - 1]) continue;
    ++runs;
    layout.place = d;
  }
  if (runs > 1) layout.place = 0;
  return layout;
}

// The strides of `self` along the result's dimensions: 0 along those of the indices.
Dims steps_in(const Tensor& self, const Indices& indices, const IndexLayout& layout) {
  Dims steps;
  for (size_t d = 0; d < indices.size(); ++d)
    if (!indices[d]) steps.push_back(self.stride(d));
  steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(layout.place), layout.chosen.size(), 0);
  return steps;
}

// The index broadcast with the others, at its place in the result between dimensions of size 1.
Tensor placed(const Tensor& index, const IndexLayout& layout, size_t rank) {
  const Dims strides = broadcast_strides(index.sizes(), index.strides(), layout.chosen);
  Dims sizes(layout.place, 1);
  sizes.insert(sizes.end(), layout.chosen.begin(), layout.chosen.end());
  sizes.resize(rank, 1);
  return index.view(sizes, *viewed_strides(layout.chosen, strides, sizes), index.offset());
}

// The strides are those of a pointwise operator of `self` and the indices, each at its place in the result.
Dims strides_of(const Tensor& self, const Indices& indices, const IndexLayout& layout, IntSpan sizes) {
  std::vector<Tensor> seen{self.view(sizes, steps_in(self, indices, layout), self.offset())};
  for (const Tensor* index : indices)
    if (index) seen.push_back(placed(*index, layout, sizes.size()));
  std::vector<const Tensor*> operands;
  for (const Tensor& each : seen) operands.push_back(&each);
  return pointwise_strides(sizes, operands);
}

Plan index_rule(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  const Indices indices = indices_of(args);
  const IndexLayout layout = layout_of(indices);
  Dims sizes;
  for (size_t d = 0; d < indices.size(); ++d)
    if (!indices[d]) sizes.push_back(self.size(d));
  sizes.insert(sizes.begin() + static_cast<std::ptrdiff_t>(layout.place), layout.chosen.begin(),
               layout.chosen.end());
  Dims strides = strides_of(self, indices, layout, sizes);
  return {{self.dtype(), std::move(sizes), std::move(strides), common_device(args)}};
}

// For each element of the broadcast indices, the position in `self` that they choose.
std::vector<int64_t> chosen_positions(const Tensor& self, const Indices& indices, const Dims& chosen) {
  std::vector<int64_t> found(static_cast<size_t>(element_count(chosen)), 0);
  for (size_t d = 0; d < indices.size(); ++d) {
    if (!indices[d]) continue;
    const Tensor& index = *indices[d];
    const Dims strides = broadcast_strides(index.sizes(), index.strides(), chosen);
    size_t k = 0;
    for_each_position(chosen, strides, 0, [&](int64_t at) {
      const int64_t given = index.data<int64_t>()[at], size = self.size(d);
      const int64_t number = given < 0 && given >= -size ? given + size : given;
      check_index(number, d, size);
      found[k++] += number * self.stride(d);
    });
  }
  return found;
}

void index_compute(const CallArguments& args, std::span<const Tensor> results) {
  const Tensor &self = args.tensor(0), &out = results[0];
  const Indices indices = indices_of(args);
  const IndexLayout layout = layout_of(indices);
  const std::vector<int64_t> chosen = chosen_positions(self, indices, layout.chosen);
  if (out.element_count() == 0) return;
  const Dims steps = steps_in(self, indices, layout);
  Dims counting(out.rank(), 0);
  const Dims number = contiguous_strides(layout.chosen);
  std::copy(number.begin(), number.end(), counting.begin() + static_cast<std::ptrdiff_t>(layout.place));
  const std::vector<int64_t> from = cpu::positions_of(out.sizes(), steps);
  const std::vector<int64_t> which = cpu::positions_of(out.sizes(), counting);
  const std::vector<int64_t> to = cpu::positions_of(out.sizes(), out.strides());
  for (size_t i = 0; i < to.size(); ++i)
    std::memcpy(cpu::address_of(out, to[i]),
                cpu::address_of(self, from[i] + chosen[static_cast<size_t>(which[i])]),
                size_of(self.dtype()));
}

// Indexing the numbers of all elements gives the origin of each result.
std::vector<Tensor> index_slopes(Backward& at) {
  const Tensor& self = at.argument(0);
  const int64_t count = self.element_count();
  const Value device = self.device();
  const Tensor numbers = at.ops("aten::arange", {count, Value(), Value(), device});
  const Tensor places =
      at.ops("aten::index.Tensor", {at.ops("aten::view", {numbers, self.sizes().copy()}), at.args()[1]});
  const Tensor zeros = at.ops("aten::zeros", {Dims{count}, at.grad().dtype(), Value(), device});
  const Tensor summed = at.ops(
      "aten::scatter_add", {zeros, 0, at.ops.reshape(places, Dims{-1}), at.ops.reshape(at.grad(), Dims{-1})});
  std::vector<Tensor> found{at.ops("aten::view", {summed, self.sizes().copy()})};
  for (const std::optional<Tensor>& index : at.args()[1].optional_tensors())
    if (index) found.emplace_back();
  return found;
}

const Family advanced_indexing_family{{
    {.functional = "aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor",
     .out = "aten::index.Tensor_out(Tensor self, Tensor?[] indices, *, Tensor(a!) out) -> Tensor(a!)",
     .rule = index_rule,
     .compute = host_compute(index_compute),
     .derivative = saving<0b10>(index_slopes),
     .domain = "self = tensor(N, N, N, M) ; let dtype = any ; let M = N..N + 2 ; let I... = K, L "
               "; indices = list(1..4; tensor(broadcast(I...)) i64 wrapped(N)?)",
     .accuracy = accuracy::exact},
}};

}  // namespace

}  // namespace engine::ops
