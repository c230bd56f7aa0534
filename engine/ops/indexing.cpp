// Indexing: index_select gather flip tril triu. Indices are data, so that the kernel refuses one out of
// range, not the rule.
#include <fmt/core.h>

#include <algorithm>

#include "engine/backends/copy.h"
#include "engine/backends/cpu/blocks.h"
#include "engine/backends/lanes.h"
#include "engine/backends/machine.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

void check_indices(const Tensor& indices, size_t dim, int64_t size) {
  const Tensor index = on_host(indices);
  for_each_position(index.sizes(), index.strides(), 0,
                    [&](int64_t at) { check_index(cpu::load_element<int64_t>(index, at), dim, size); });
}

Plan index_select_rule(const CallArguments& args) {
  const Tensor &self = args.tensor(0), &index = args.tensor(2);
  const size_t dim = wrapped_dim(args.integer(1), self.rank());
  if (index.rank() > 1) throw Error("index_select(): Index is supposed to be a vector", ErrorKind::index);
  if (index.dtype() != DType::i64 && index.dtype() != DType::i32)
    throw Error("index_select(): Expected dtype int32 or int64 for index");
  Dims sizes = self.sizes().copy();
  if (!sizes.empty()) sizes[dim] = index.element_count();
  return {fresh(self.dtype(), std::move(sizes), common_device(args))};
}

// Gathers with each index expanded over the slice that it chooses.
void index_select_compute(const CallArguments& args, std::span<const Tensor> results) {
  const Tensor &self = args.tensor(0), &index = args.tensor(2), &out = results[0];
  const size_t dim = wrapped_dim(args.integer(1), self.rank());
  if (index.element_count() == 0) return;
  check_indices(index, dim, with_dimension(self).size(dim));
  Dims strides(out.rank(), 0);
  if (!strides.empty() && index.rank() > 0) strides[dim] = index.stride(0);
  machine_of(self.device()).gather(out, self, dim, index.view(out.sizes(), strides, index.offset()));
}

Plan gather_rule(const CallArguments& args) {
  const Tensor &self = args.tensor(0), &index = args.tensor(2);
  const size_t dim = wrapped_dim(args.integer(1), self.rank());
  if (index.dtype() != DType::i64) throw Error("gather(): Expected dtype int64 for index");
  if (index.element_count() > 0) {
    if (std::max<size_t>(self.rank(), 1) != std::max<size_t>(index.rank(), 1))
      throw Error("Index tensor must have the same number of dimensions as input tensor");
    for (size_t d = 0; d < std::min(self.rank(), index.rank()); ++d)
      if (d != dim && index.size(d) > self.size(d))
        throw Error(
            fmt::format("Size does not match at dimension {} expected index {} to be smaller than self "
                        "{} apart from dimension {}",
                        d, sizes_text<int64_t>(index.sizes()), sizes_text<int64_t>(self.sizes()), dim));
  }
  return {fresh(self.dtype(), index.sizes().copy(), common_device(args))};
}

void gather_compute(const CallArguments& args, std::span<const Tensor> results) {
  const Tensor &self = args.tensor(0), &index = args.tensor(2), &out = results[0];
  if (index.element_count() == 0) return;
  const size_t dim = wrapped_dim(args.integer(1), self.rank());
  check_indices(index, dim, with_dimension(self).size(dim));
  machine_of(self.device()).gather(out, self, dim, index);
}

Plan flip_rule(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  if (!args.integers(1).empty()) reduced_dims(args.integers(1), self.rank());
  PlannedTensor plan = fresh(self.dtype(), self.sizes().copy(), self.device());
  plan.strides = preserved_strides(self);
  return {plan};
}

void flip_compute(const CallArguments& args, std::span<const Tensor> results) {
  const Tensor &self = args.tensor(0), &out = results[0];
  if (out.element_count() == 0) return;
  // Writes backwards: negative strides from the other end.
  Dims strides = out.strides().copy();
  int64_t offset = out.offset();
  for (const int64_t dim : args.integers(1)) {
    const size_t d = wrapped_dim(dim, self.rank());
    if (self.rank() == 0) continue;
    offset += (out.size(d) - 1) * strides[d];
    strides[d] = -strides[d];
  }
  copy_elements(out.view(out.sizes(), strides, offset), self);
}

Plan triangle_rule(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  if (self.rank() < 2) throw Error(args.operator_name() + ": input tensor must have at least 2 dimensions");
  return {fresh(self.dtype(), self.sizes().copy(), self.device())};
}

void triangle_compute(const CallArguments& args, std::span<const Tensor> results, bool lower) {
  const Tensor &self = args.tensor(0), &out = results[0];
  fill_elements(out, Scalar(0));
  const size_t rows = self.rank() - 2;
  const int64_t height = self.size(rows), width = self.size(rows + 1);
  const int64_t diagonal = std::clamp(args.integer(1), -height, width);
  for (int64_t row = 0; row < height; ++row) {
    const int64_t first = lower ? 0 : std::clamp<int64_t>(row + diagonal, 0, width);
    const int64_t last = lower ? std::clamp<int64_t>(row + diagonal + 1, 0, width) : width;
    Dims sizes = self.sizes().copy();
    sizes[rows] = 1;
    sizes[rows + 1] = last - first;
    const auto part = [&](const Tensor& of) {
      return of.view(sizes, of.strides(), of.offset() + row * of.stride(rows) + first * of.stride(rows + 1));
    };
    if (last > first) copy_elements(part(out), part(self));
  }
}

// Sums the gradients of the chosen elements where they came from.
Tensor scattered(Backward& at, const Tensor& index) {
  return at.ops("aten::scatter_add",
                {at.ops.contiguous_zeros_like(at.argument(0)), at.args().integer(1), index, at.grad()});
}
std::vector<Tensor> index_select_slopes(Backward& at) {
  const Tensor &self = at.argument(0), &chosen = at.argument(2);
  // The result for a 0-dim tensor is its element once, however many indices choose it.
  if (self.rank() == 0 && chosen.element_count() > 0) return {at.grad(), Tensor()};
  Dims sizes(self.rank(), 1);
  if (self.rank() > 0) sizes[wrapped_dim(at.args().integer(1), self.rank())] = chosen.element_count();
  const Tensor along = at.ops.reshape(at.ops.to_dtype(chosen, DType::i64), sizes);
  return {scattered(at, at.ops("aten::expand", {along, at.grad().sizes().copy()})), Tensor()};
}

OperatorDeclaration triangle(const std::string& name, bool lower) {
  return named(
      {.name = name, .arguments = "Tensor self, int diagonal=0"},
      {.rule = triangle_rule,
       .compute = [lower](const CallArguments& args,
                          std::span<const Tensor> results) { triangle_compute(args, results, lower); },
       .derivative =
           saving([op = "aten::" + name](Backward& at) { return at.ops(op, {at.grad(), at.args()[1]}); }),
       .zero = keeps_zero,
       .domain = "self = tensor(N, M) | tensor(B, N, M) ; let dtype = any ; diagonal = -2..2",
       .accuracy = accuracy::exact});
}

const Family indexing_family{{
    named({.name = "index_select", .arguments = "Tensor self, int dim, Tensor index", .in_place = false},
          {.rule = index_select_rule,
           .compute = index_select_compute,
           .derivative = saving<0b100>(index_select_slopes),
           .domain = "self = tensor(N) | tensor(N, N) | tensor(N, N, N) ; let dtype = any ; dim = dim "
                     "; index = tensor(K) i64 + i32 below(N)",
           .accuracy = accuracy::exact}),
    named(
        {.name = "gather",
         .arguments = "Tensor self, int dim, Tensor index, *, bool sparse_grad=False",
         .in_place = false},
        {.rule = gather_rule,
         .compute = gather_compute,
         .derivative =
             saving<0b100>([](Backward& at) { return std::vector{scattered(at, at.argument(2)), Tensor()}; }),
         .domain =
             "let dtype = any ; self = tensor(N, M) ; dim = 0 | -2 ; index = tensor(K, M) i64 below(N) "
             "|| let dtype = any ; self = tensor(N, N, N) ; dim = dim ; index = tensor(N, N, N) i64 below(N)",
         .accuracy = accuracy::exact}),
    {.functional = "aten::flip(Tensor self, int[] dims) -> Tensor",
     .rule = flip_rule,
     .compute = flip_compute,
     .derivative = saving([](Backward& at) { return at.ops("aten::flip", {at.grad(), at.args()[1]}); }),
     .zero = keeps_zero,
     .domain = "self = tensor(S...) ; let dtype = any ; dims = dims",
     .accuracy = accuracy::exact},
    triangle("tril", true),
    triangle("triu", false),
}};

}  // namespace

}  // namespace engine::ops
