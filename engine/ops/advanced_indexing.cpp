// index: elements chosen by tensors of integers, one or none for each leading dimension, which are broadcast.
// A mask of as many dimensions replaces them: it is the indices of its elements that are not zero. If the
// indexed dimensions are adjacent, the dimensions of the indices replace them, otherwise these come first.
#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "engine/backends/cpu/blocks.h"
#include "engine/backends/lanes.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/host_compute.h"
#include "engine/ops/masks.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

using Indices = std::vector<Tensor>;  // by dimension; undefined for a dimension without an index

void refuse_count(size_t count, size_t rank) {
  if (count > rank)
    throw Error(fmt::format("too many indices for tensor of dimension {} (got {})", rank, count),
                ErrorKind::index);
}

// Adds one index for each dimension of the mask.
void add_mask(Indices& indices, const Tensor& self, const Tensor& mask, const std::string& op) {
  refuse_count(indices.size() + mask.rank(), self.rank());
  const size_t first = indices.size();
  for (size_t d = 0; d < mask.rank(); ++d)
    if (mask.size(d) != self.size(first + d))
      throw Error(
          fmt::format("The shape of the mask {} at index {} does not match the shape of the indexed "
                      "tensor {} at index {}",
                      sizes_text<int64_t>(mask.sizes()), d, sizes_text<int64_t>(self.sizes()), first + d),
          ErrorKind::index);
  const Tensor positions = nonzero_positions(mask, op);
  for (size_t d = 0; d < mask.rank(); ++d)
    indices.push_back(positions.view({positions.size(0)}, {positions.stride(0)},
                                     positions.offset() + static_cast<int64_t>(d) * positions.stride(1)));
}

Indices indices_of(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  Indices indices;
  for (const std::optional<Tensor>& each : args[1].optional_tensors()) {
    if (!each || !each->defined() || each->dtype() == DType::i64)
      indices.push_back(each.value_or(Tensor()));
    else if (is_mask(each->dtype()))
      add_mask(indices, self, *each, args.schema().qualified());
    else
      throw Error("tensors used as indices must be long, byte or bool tensors", ErrorKind::index);
  }
  refuse_count(indices.size(), self.rank());
  indices.resize(self.rank());
  return indices;
}

std::vector<std::optional<Dims>> sizes_of(const Indices& indices) {
  std::vector<std::optional<Dims>> sizes;
  for (const Tensor& index : indices)
    sizes.push_back(index.defined() ? std::optional(index.sizes().copy()) : std::nullopt);
  return sizes;
}

using Layout = IndexLayout<int64_t>;

Layout layout_of(const Indices& indices) { return index_layout<int64_t>(sizes_of(indices)); }

// The strides of `self` along the result's dimensions: 0 along those of the indices.
Dims steps_in(const Tensor& self, const Indices& indices, const Layout& layout) {
  Dims steps;
  for (size_t d = 0; d < indices.size(); ++d)
    if (!indices[d].defined()) steps.push_back(self.stride(d));
  steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(layout.place), layout.chosen.size(), 0);
  return steps;
}

// The index broadcast with the others, at its place in the result between dimensions of size 1.
Tensor placed(const Tensor& index, const Layout& layout, size_t rank) {
  const Dims strides = broadcast_strides(index.sizes(), index.strides(), layout.chosen);
  Dims sizes(layout.place, 1);
  sizes.insert(sizes.end(), layout.chosen.begin(), layout.chosen.end());
  sizes.resize(rank, 1);
  return index.view(sizes, *viewed_strides(layout.chosen, strides, sizes), index.offset());
}

// The strides are those of a pointwise operator of `self` and the indices, each at its place in the result.
Dims strides_of(const Tensor& self, const Indices& indices, const Layout& layout, IntSpan sizes) {
  std::vector<Tensor> seen{self.view(sizes, steps_in(self, indices, layout), self.offset())};
  for (const Tensor& index : indices)
    if (index.defined()) seen.push_back(placed(index, layout, sizes.size()));
  std::vector<const Tensor*> operands;
  for (const Tensor& each : seen) operands.push_back(&each);
  return pointwise_strides(sizes, operands);
}

Plan index_rule(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  const Indices indices = indices_of(args);
  Dims sizes = indexed_sizes<int64_t>(self.sizes(), sizes_of(indices));
  Dims strides = strides_of(self, indices, layout_of(indices), sizes);
  return {{self.dtype(), std::move(sizes), std::move(strides), common_device(args)}};
}

// For each element of the broadcast indices, the position in `self` that they choose.
std::vector<int64_t> chosen_positions(const Tensor& self, const Indices& indices, const Dims& chosen) {
  std::vector<int64_t> found(static_cast<size_t>(element_count(chosen)), 0);
  for (size_t d = 0; d < indices.size(); ++d) {
    if (!indices[d].defined()) continue;
    const Tensor& index = indices[d];
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
  const Layout layout = layout_of(indices);
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
               "; indices = list(1..4; tensor(broadcast(I...)) i64 wrapped(N)?) "
               "|| self = tensor(N, N, M) ; let dtype = any "
               "; indices = list(1; tensor(N, N) bool) | list(1..2; tensor(N) bool?) "
               "| list(1..2; tensor(N) bool | tensor(1) i64 wrapped(N))",
     .accuracy = accuracy::exact},
}};

}  // namespace

}  // namespace engine::ops
