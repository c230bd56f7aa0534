// scatter_add: elements summed to where indices say; what gather reads, written. Sums go in the order of the
// indices, in the accumulator that sums have, and are rounded once.
#include <utility>

#include "engine/backends/copy.h"
#include "engine/backends/cpu/blocks.h"
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
      throw Error("Expected index " + sizes_text<int64_t>(index.sizes()) + " to be smaller than self " +
                  sizes_text<int64_t>(self.sizes()) + " apart from dimension " + std::to_string(dim) +
                  " and to be smaller size than src " + sizes_text<int64_t>(src.sizes()));
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

// Positions of each element of `index`, in a tensor walked by `strides`.
std::vector<int64_t> places(const Tensor& index, Dims strides) {
  std::vector<int64_t> found;
  strides.resize(index.rank(), 0);
  for_each_position(index.sizes(), strides, 0, [&](int64_t at) { found.push_back(at); });
  return found;
}

std::vector<int64_t> checked_indices(const Tensor& index, size_t dim, int64_t size) {
  std::vector<int64_t> numbers;
  for_each_position(index.sizes(), index.strides(), 0,
                    [&](int64_t at) { numbers.push_back(index.data<int64_t>()[at]); });
  for (const int64_t number : numbers)
    if (number < 0 || number >= size)
      throw Error("index " + std::to_string(number) + " is out of bounds for dimension " +
                      std::to_string(dim) + " with size " + std::to_string(size),
                  ErrorKind::index);
  return numbers;
}

template <class T>
Wider<T> wide_element(const Tensor& tensor, int64_t at) {
  T value{};
  const auto width = static_cast<int64_t>(size_of(tensor.dtype()));
  cpu::load_block(compute_type<T>(), reinterpret_cast<std::byte*>(&value), tensor.dtype(),
                  tensor.data<std::byte>() + at * width, 1, 1);
  return math::cast<Wider<T>>(value);
}

template <class T>
void sum_up(const CallArguments& args, const Tensor& out) {
  const Tensor &self = args.tensor(0), &index = args.tensor(2), &src = args.tensor(3);
  const size_t dim = wrapped_dim(args.integer(1), out.rank());
  const bool one = out.rank() == 0;
  const std::vector<int64_t> chosen = checked_indices(index, dim, one ? 1 : out.size(dim));
  std::vector<Wider<T>> sums;  // row-major
  for_each_position(self.sizes(), self.strides(), 0,
                    [&](int64_t at) { sums.push_back(wide_element<T>(self, at)); });
  Dims sideways = contiguous_strides(out.sizes());
  const int64_t step = one ? 0 : std::exchange(sideways[dim], 0);
  const std::vector<int64_t> to = places(index, sideways), from = places(index, src.strides().copy());
  for (size_t i = 0; i < chosen.size(); ++i) {
    Wider<T>& sum = sums[static_cast<size_t>(to[i] + chosen[i] * step)];
    sum = math::add(sum, wide_element<T>(src, from[i]));
  }
  const auto width = static_cast<int64_t>(size_of(out.dtype()));
  size_t k = 0;
  for_each_position(out.sizes(), out.strides(), 0, [&](int64_t at) {
    const T sum = math::cast<T>(sums[k++]);
    cpu::store_block(out.dtype(), out.data<std::byte>() + at * width, 1, compute_type<T>(),
                     reinterpret_cast<const std::byte*>(&sum), 1);
  });
}

void scatter_compute(const CallArguments& args, std::span<const Tensor> results) {
  if (args.tensor(2).element_count() == 0) return copy_elements(results[0], args.tensor(0));
  with_compute_type(compute_type_of(results[0].dtype()), [&]<class T>() { sum_up<T>(args, results[0]); });
}

// To what was added, where it was added to; the rest of `src` was not read.
std::vector<Tensor> slopes(Backward& at) {
  const Tensor &index = at.argument(2), &src = at.argument(3);
  if (index.element_count() == 0) return {at.grad(), Tensor(), at.ops("aten::zeros_like", {src})};
  const Tensor read = at.ops("aten::gather", {at.grad(), at.args().integer(1), index});
  if (read.sizes() == src.sizes()) return {at.grad(), Tensor(), read};
  const Tensor all = at.ops("aten::zeros_like", {src});
  Tensor part = all;
  for (size_t d = 0; d < index.rank(); ++d)
    part = at.ops("aten::slice.Tensor", {part, static_cast<int64_t>(d), 0, index.size(d), 1});
  at.ops("aten::copy_", {part, read});
  return {at.grad(), Tensor(), all};
}

OperatorDeclaration scatter_add() {
  const std::string arguments = "Tensor self, int dim, Tensor index, Tensor src";
  return {
      .functional = "aten::scatter_add(" + arguments + ") -> Tensor",
      .in_place = "aten::scatter_add_(Tensor(a!) self, int dim, Tensor index, Tensor src) -> Tensor(a!)",
      .out = "aten::scatter_add.out(" + arguments + ", *, Tensor(a!) out) -> Tensor(a!)",
      .rule = scatter_rule,
      .compute = host_compute(scatter_compute),
      .derivative = {.formula = slopes, .saves_arguments = 0b100},
      .domain =
          "let dtype = any ; self = tensor(N, M) ; dim = 0 | -2 ; index = tensor(K, M) i64 below(N) "
          "; src = tensor(K, M) "
          "|| let dtype = any ; self = tensor(N, N, N) ; dim = dim ; index = tensor(N, N, N) i64 below(N) "
          "; src = tensor(N, N, N)",
      .accuracy = accuracy::products()};
}

const Family scatter_family{{scatter_add()}};

}  // namespace

}  // namespace engine::ops
