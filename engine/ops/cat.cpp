// cat: copies each tensor into its place. Tensors of sizes [0] are skipped.
#include <fmt/core.h>

#include <algorithm>

#include "engine/backends/copy.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/memory_formats.h"
#include "engine/ops/promotion.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

bool is_skipped(const Tensor& tensor) { return tensor.rank() == 1 && tensor.size(0) == 0; }

// The dimension, by the rank of the first tensor that is not skipped.
size_t cat_dim(const CallArguments& args) {
  for (const Tensor& tensor : args.tensors(0))
    if (!is_skipped(tensor)) return wrapped_dim(args.integer(1), tensor.rank());
  return wrapped_dim(args.integer(1), 1);
}

// The common format of all tensors, otherwise contiguous.
MemoryFormat cat_format(std::span<const Tensor> tensors) {
  const MemoryFormat first = suggested_format(tensors[0]);
  const bool same = std::all_of(tensors.begin(), tensors.end(),
                                [&](const Tensor& tensor) { return suggested_format(tensor) == first; });
  return same ? first : MemoryFormat::contiguous;
}

Plan cat_rule(const CallArguments& args) {
  const std::span<const Tensor> tensors = args.tensors(0);
  if (tensors.empty()) throw Error("torch.cat(): expected a non-empty list of Tensors");
  for (size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].rank() == 0)
      throw Error(fmt::format("zero-dimensional tensor (at position {}) cannot be concatenated", i));
  const size_t dim = cat_dim(args);
  Promotion promotion;
  const Tensor* first = nullptr;
  Dims sizes{0};
  for (size_t i = 0; i < tensors.size(); ++i) {
    promotion.add(tensors[i]);
    if (is_skipped(tensors[i])) continue;
    if (!first) {
      first = &tensors[i];
      sizes = first->sizes().copy();
      continue;
    }
    if (tensors[i].rank() != first->rank())
      throw Error(fmt::format("Tensors must have same number of dimensions: got {} and {}", first->rank(),
                              tensors[i].rank()));
    for (size_t d = 0; d < sizes.size(); ++d)
      if (d != dim && tensors[i].size(d) != sizes[d])
        throw Error(
            fmt::format("Sizes of tensors must match except in dimension {}. Expected size {} but got "
                        "size {} for tensor number {} in the list.",
                        dim, sizes[d], tensors[i].size(d), i));
    sizes[dim] += tensors[i].size(dim);
  }
  Dims strides = strides_for(cat_format(tensors), sizes);
  return {{promotion.result(), std::move(sizes), std::move(strides), common_device(args)}};
}

void cat_compute(const CallArguments& args, std::span<const Tensor> results) {
  const size_t dim = cat_dim(args);
  const Tensor& out = results[0];
  int64_t at = 0;
  for (const Tensor& tensor : args.tensors(0)) {
    if (is_skipped(tensor)) continue;
    copy_elements(out.view(tensor.sizes(), out.strides(), out.offset() + at * out.stride(dim)), tensor);
    at += tensor.size(dim);
  }
}

// One gradient for each tensor of the list.
std::vector<Tensor> slopes_of_parts(Backward& at) {
  const CallArguments args = at.args();
  const size_t dim = cat_dim(args);
  std::vector<Tensor> slopes;
  int64_t start = 0;
  for (const Tensor& tensor : args.tensors(0)) {
    const int64_t size = is_skipped(tensor) ? 0 : tensor.size(dim);
    const Tensor part =
        is_skipped(tensor)
            ? at.ops.zeros_like(tensor)
            : at.ops("aten::slice.Tensor", {at.grad(), static_cast<int64_t>(dim), start, start + size, 1});
    slopes.push_back(at.ops.like_argument(part, tensor));
    start += size;
  }
  return slopes;
}

const Family cat_family{{
    {.functional = "aten::cat(Tensor[] tensors, int dim=0) -> Tensor",
     .out = "aten::cat.out(Tensor[] tensors, int dim=0, *, Tensor(a!) out) -> Tensor(a!)",
     .rule = cat_rule,
     .compute = cat_compute,
     .derivative = saving(slopes_of_parts),
     .zero = keeps_zero,
     .domain = "tensors = list(1..3; tensor(S...) | tensor(S...) any) ; dim = dim "
               "|| tensors = list(1..3; tensor(_, N)) ; dim = 0 "
               "|| tensors = list(2..3; tensor(N, _, H, W)) ; dim = 1 | -3 "
               "|| tensors = list(2..3; tensor(N, M) | tensor(0) any) ; dim = 0 | -1",
     .accuracy = accuracy::exact},
}};

}  // namespace

}  // namespace engine::ops
