// index: elements chosen by tensors of integers, one for each leading dimension or none, which broadcast. The
// dimensions that are chosen from become those of the indices, where they stand side by side; else these come
// first. Masks are refused: how many elements one chooses is data, and a rule reads none.
#include <algorithm>
#include <cstring>

#include "engine/backends/lanes.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/host_compute.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

using Indices = std::vector<const Tensor*>;  // by dimension; null: all of it

Indices indices_of(const CallArguments& args) {
  Indices indices;
  for (const std::optional<Tensor>& each : args[1].optional_tensors())
    indices.push_back(each && each->defined() ? &*each : nullptr);
  const size_t rank = args.tensor(0).rank();
  if (indices.size() > rank)
    throw Error("too many indices for tensor of dimension " + std::to_string(rank) + " (got " +
                    std::to_string(indices.size()) + ")",
                ErrorKind::index);
  indices.resize(rank, nullptr);
  for (const Tensor* index : indices) {
    if (!index || index->dtype() == DType::i64) continue;
    if (index->dtype() == DType::b8 || index->dtype() == DType::u8)
      throw Error("index: masks are not served here", ErrorKind::not_implemented);
    throw Error("tensors used as indices must be long, byte or bool tensors", ErrorKind::index);
  }
  return indices;
}

struct Layout {
  Dims chosen;       // the sizes that the indices broadcast to
  size_t place = 0;  // of them among the result's dimensions
};

Layout layout_of(const Indices& indices) {
  Layout layout;
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

// How far a step along each of the result's dimensions leads in `self`: nowhere along the indices.
Dims steps_in(const Tensor& self, const Indices& indices, const Layout& layout) {
  Dims steps;
  for (size_t d = 0; d < indices.size(); ++d)
    if (!indices[d]) steps.push_back(self.stride(d));
  steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(layout.place), layout.chosen.size(), 0);
  return steps;
}

// The index where it stands in the result: broadcast with the others, between dimensions of size one.
Tensor placed(const Tensor& index, const Layout& layout, size_t rank) {
  const Dims strides = broadcast_strides(index.sizes(), index.strides(), layout.chosen);
  Dims sizes(layout.place, 1);
  sizes.insert(sizes.end(), layout.chosen.begin(), layout.chosen.end());
  sizes.resize(rank, 1);
  return index.view(sizes, *viewed_strides(layout.chosen, strides, sizes), index.offset());
}

// A pointwise operator of what is chosen from and of the indices, each seen where it stands in the result.
Dims strides_of(const Tensor& self, const Indices& indices, const Layout& layout, IntSpan sizes) {
  std::vector<Tensor> seen{self.view(sizes, steps_in(self, indices, layout), self.offset())};
  for (const Tensor* index : indices)
    if (index) seen.push_back(placed(*index, layout, sizes.size()));
  std::vector<const Tensor*> operands;
  for (const Tensor& each : seen) operands.push_back(&each);
  return pointwise_strides(sizes, operands);
}

Plan rule(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  const Indices indices = indices_of(args);
  const Layout layout = layout_of(indices);
  Dims sizes;
  for (size_t d = 0; d < indices.size(); ++d)
    if (!indices[d]) sizes.push_back(self.size(d));
  sizes.insert(sizes.begin() + static_cast<std::ptrdiff_t>(layout.place), layout.chosen.begin(),
               layout.chosen.end());
  Dims strides = strides_of(self, indices, layout, sizes);
  return {{self.dtype(), std::move(sizes), std::move(strides), common_device(args)}};
}

// For each place of the broadcast indices, how far into `self` they lead.
std::vector<int64_t> leads(const Tensor& self, const Indices& indices, const Dims& chosen) {
  std::vector<int64_t> found(static_cast<size_t>(element_count(chosen)), 0);
  for (size_t d = 0; d < indices.size(); ++d) {
    if (!indices[d]) continue;
    const Tensor& index = *indices[d];
    const Dims strides = broadcast_strides(index.sizes(), index.strides(), chosen);
    size_t k = 0;
    for_each_position(chosen, strides, 0, [&](int64_t at) {
      const int64_t number = index.data<int64_t>()[at], size = self.size(d);
      if (number < -size || number >= size)
        throw Error("index " + std::to_string(number) + " is out of bounds for dimension " +
                        std::to_string(d) + " with size " + std::to_string(size),
                    ErrorKind::index);
      found[k++] += (number < 0 ? number + size : number) * self.stride(d);
    });
  }
  return found;
}

void compute(const CallArguments& args, std::span<const Tensor> results) {
  const Tensor &self = args.tensor(0), &out = results[0];
  const Indices indices = indices_of(args);
  const Layout layout = layout_of(indices);
  const std::vector<int64_t> chosen = leads(self, indices, layout.chosen);
  if (out.element_count() == 0) return;
  const Dims steps = steps_in(self, indices, layout);
  Dims counting(out.rank(), 0);
  const Dims number = contiguous_strides(layout.chosen);
  std::copy(number.begin(), number.end(), counting.begin() + static_cast<std::ptrdiff_t>(layout.place));
  std::vector<int64_t> from, which, to;
  for_each_position(out.sizes(), steps, 0, [&](int64_t at) { from.push_back(at); });
  for_each_position(out.sizes(), counting, 0, [&](int64_t at) { which.push_back(at); });
  for_each_position(out.sizes(), out.strides(), 0, [&](int64_t at) { to.push_back(at); });
  const auto width = static_cast<int64_t>(size_of(self.dtype()));
  for (size_t i = 0; i < to.size(); ++i)
    std::memcpy(out.data<std::byte>() + to[i] * width,
                self.data<std::byte>() + (from[i] + chosen[static_cast<size_t>(which[i])]) * width,
                static_cast<size_t>(width));
}

// The same choice among the places of all elements says where each came from.
std::vector<Tensor> slope(Backward& at) {
  const Tensor& self = at.argument(0);
  const int64_t count = self.element_count();
  const Value device = self.device();
  const Tensor numbers = at.ops("aten::arange", {count, Value(), Value(), device});
  const Tensor places =
      at.ops("aten::index.Tensor", {at.ops("aten::view", {numbers, self.sizes().copy()}), at.args()[1]});
  const Tensor zeros = at.ops("aten::zeros", {Dims{count}, at.grad().dtype(), Value(), device});
  const Tensor summed = at.ops("aten::scatter_add", {zeros, 0, at.ops("aten::reshape", {places, Dims{-1}}),
                                                     at.ops("aten::reshape", {at.grad(), Dims{-1}})});
  std::vector<Tensor> found{at.ops("aten::view", {summed, self.sizes().copy()})};
  for (const std::optional<Tensor>& index : at.args()[1].optional_tensors())
    if (index) found.emplace_back();
  return found;
}

const Family advanced_indexing_family{{
    {.functional = "aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor",
     .out = "aten::index.Tensor_out(Tensor self, Tensor?[] indices, *, Tensor(a!) out) -> Tensor(a!)",
     .rule = rule,
     .compute = host_compute(compute),
     .derivative = {.formula = slope, .saves_arguments = 0b10},
     .domain = "self = tensor(N, N, N, M) ; let dtype = any ; let M = N..N + 2 ; let I... = K, L "
               "; indices = list(1..4; tensor(broadcast(I...)) i64 wrapped(N)?)",
     .accuracy = accuracy::exact},
}};

}  // namespace

}  // namespace engine::ops
