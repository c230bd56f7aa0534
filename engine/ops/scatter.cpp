// scatter_add: adds elements at the places that indices choose. Adds in the order of the indices, in the
// wider type, and rounds once.
#include <fmt/core.h>

#include <utility>

#include "engine/backends/copy.h"
#include "engine/backends/cpu/blocks.h"
#include "engine/backends/lanes.h"
#include "engine/core/error.h"
#include "engine/kernels/wider.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/host_compute.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

void check_sizes(const CallArguments& args, size_t dim) {
  const Tensor &self = args.tensor(0), &index = args.tensor(2), &src = args.tensor(3);
  if (index.element_count() == 0) return;
  const size_t rank = std::max<size_t>(self.rank(), 1);
  if (std::max<size_t>(index.rank(), 1) != rank || std::max<size_t>(src.rank(), 1) != rank)
    throw Error("Index tensor must have the same number of dimensions as self tensor and src tensor");
  for (size_t d = 0; d < index.rank(); ++d) {
    const int64_t own = d < self.rank() ? self.size(d) : 1, from = d < src.rank() ? src.size(d) : 1;
    if ((d != dim && index.size(d) > own) || index.size(d) > from)
      throw Error(
          fmt::format("Expected index {} to be smaller than self {} apart from dimension {} and to be "
                      "smaller size than src {}",
                      sizes_text<int64_t>(index.sizes()), sizes_text<int64_t>(self.sizes()), dim,
                      sizes_text<int64_t>(src.sizes())));
  }
}

Plan scatter_rule(const CallArguments& args) {
  const Tensor &self = args.tensor(0), &index = args.tensor(2);
  const size_t dim = wrapped_dim(args.integer(1), self.rank());
  if (index.element_count() != 0 && index.dtype() != DType::i64)
    throw Error("scatter(): Expected dtype int64 for index");
  if (self.dtype() != args.tensor(3).dtype())
    throw Error("scatter(): Expected self.dtype to be equal to src.dtype");
  check_sizes(args, dim);
  return {fresh(self.dtype(), self.sizes().copy(), common_device(args))};
}

template <class T>
Wider<T> wide_element(const Tensor& tensor, int64_t at) {
  return math::cast<Wider<T>>(cpu::load_element<T>(tensor, at));
}

template <class T>
void sum_up(const CallArguments& args, const Tensor& out) {
  const Tensor &self = args.tensor(0), &index = args.tensor(2), &src = args.tensor(3);
  const size_t dim = wrapped_dim(args.integer(1), out.rank());
  const int64_t size = with_dimension(out).size(dim);
  std::vector<int64_t> chosen;
  for_each_position(index.sizes(), index.strides(), 0, [&](int64_t at) {
    chosen.push_back(index.data<int64_t>()[at]);
    check_index(chosen.back(), dim, size);
  });
  std::vector<Wider<T>> sums;  // row-major
  for_each_position(self.sizes(), self.strides(), 0,
                    [&](int64_t at) { sums.push_back(wide_element<T>(self, at)); });
  Dims sideways = contiguous_strides(out.sizes()), along = src.strides().copy();
  const int64_t step = out.rank() == 0 ? 0 : std::exchange(sideways[dim], 0);
  sideways.resize(index.rank(), 0);
  along.resize(index.rank(), 0);
  const std::vector<int64_t> to = cpu::positions_of(index.sizes(), sideways);
  const std::vector<int64_t> from = cpu::positions_of(index.sizes(), along);
  for (size_t i = 0; i < chosen.size(); ++i) {
    Wider<T>& sum = sums[static_cast<size_t>(to[i] + chosen[i] * step)];
    sum = math::add(sum, wide_element<T>(src, from[i]));
  }
  size_t k = 0;
  for_each_position(out.sizes(), out.strides(), 0,
                    [&](int64_t at) { cpu::store_element(out, at, math::cast<T>(sums[k++])); });
}

void scatter_compute(const CallArguments& args, std::span<const Tensor> results) {
  if (args.tensor(2).element_count() == 0) return copy_elements(results[0], args.tensor(0));
  with_compute_type(compute_type_of(results[0].dtype()), [&]<class T>() { sum_up<T>(args, results[0]); });
}

// Elements of `src` that were not added get zero.
std::vector<Tensor> scatter_slopes(Backward& at) {
  const Tensor &index = at.argument(2), &src = at.argument(3);
  if (index.element_count() == 0) return {at.grad(), Tensor(), at.ops.zeros_like(src)};
  const Tensor read = at.ops("aten::gather", {at.grad(), at.args().integer(1), index});
  if (read.sizes() == src.sizes()) return {at.grad(), Tensor(), read};
  const Tensor all = at.ops.zeros_like(src);
  Tensor part = all;
  for (size_t d = 0; d < index.rank(); ++d)
    part = at.ops("aten::slice.Tensor", {part, static_cast<int64_t>(d), 0, index.size(d), 1});
  at.ops("aten::copy_", {part, read});
  return {at.grad(), Tensor(), all};
}

const Family scatter_family{{
    named(
        {.name = "scatter_add", .arguments = "Tensor self, int dim, Tensor index, Tensor src"},
        {.rule = scatter_rule,
         .compute = host_compute(scatter_compute),
         .derivative = saving<0b100>(scatter_slopes),
         .domain = "let dtype = any ; self = tensor(N, M) ; dim = 0 | -2 ; index = tensor(K, M) i64 below(N) "
                   "; src = tensor(K, M) "
                   "|| let dtype = any ; self = tensor(N, N, N) ; dim = dim "
                   "; index = tensor(N, N, N) i64 below(N) ; src = tensor(N, N, N)",
         .accuracy = accuracy::products()}),
}};

}  // namespace

}  // namespace engine::ops
