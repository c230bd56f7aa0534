// Scans: cumsum, accumulated in the wider type.
#include "engine/backends/copy.h"
#include "engine/backends/cpu/blocks.h"
#include "engine/backends/lanes.h"
#include "engine/core/error.h"
#include "engine/kernels/reduction_kernel.h"
#include "engine/ops/formulas.h"
#include "engine/ops/host_compute.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

// The given dtype, else that of the written tensor, else the argument's, with integers widened.
DType scanned_dtype(const CallArguments& args) {
  if (const std::optional<DType> given = args.dtype(2)) return *given;
  for (size_t i = 0; i < args.size(); ++i)
    if (args.schema().arguments[i].is_write()) return args.tensor(i).dtype();
  const DType own = args.tensor(0).dtype();
  return is_integral(own) ? DType::i64 : own;
}

Plan cumsum_rule(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  wrapped_dim(args.integer(1), self.rank());
  return {fresh(scanned_dtype(args), self.sizes().copy(), self.device())};
}

template <class T>
void scan_row(const Tensor& self, const Tensor& out, int64_t from, int64_t to, size_t dim) {
  const int64_t count = self.size(dim);
  std::vector<T> row(static_cast<size_t>(count));
  auto* const bytes = reinterpret_cast<std::byte*>(row.data());
  cpu::load_block(compute_type<T>(), bytes, self.dtype(), cpu::address_of(self, from), self.stride(dim),
                  count);
  cpu::round_block(compute_type<T>(), bytes, out.dtype(), count);
  Wider<T> sum{};
  for (T& element : row) {
    sum = math::add(sum, math::cast<Wider<T>>(element));
    element = math::cast<T>(sum);
  }
  cpu::store_block(out.dtype(), cpu::address_of(out, to), out.stride(dim), compute_type<T>(), bytes, count);
}

void cumsum_compute(const CallArguments& args, std::span<const Tensor> results) {
  const Tensor out = with_dimension(results[0]);
  if (out.element_count() == 0) return;
  const Tensor self = with_dimension(truths_for(out.dtype(), args.tensor(0)));
  const size_t dim = wrapped_dim(args.integer(1), self.rank());
  Dims starts = self.sizes().copy();
  starts[dim] = 1;
  const std::vector<int64_t> from = cpu::positions_of(starts, self.strides());
  const std::vector<int64_t> to = cpu::positions_of(starts, out.strides());
  with_compute_type(compute_type_of(out.dtype()), [&]<class T>() {
    for (size_t i = 0; i < from.size(); ++i) scan_row<T>(self, out, from[i], to[i], dim);
  });
}

// The gradient of an element is the sum of the gradients from its place on.
Tensor cumsum_slope(Backward& at) {
  const int64_t dim = at.args().integer(1);
  const std::optional<DType> computed =
      at.args().dtype(2);  // in place, a complex tensor then holds real sums
  const bool real = computed && !is_complex(*computed) && is_complex(at.grad().dtype());
  const Tensor arrived = real ? at.ops("aten::real", {at.grad()}) : at.grad();
  const Tensor flipped = at.ops("aten::flip", {arrived, Dims{dim}});
  const Tensor summed = at.ops("aten::cumsum", {flipped, dim});
  return at.ops.like_argument(at.ops("aten::flip", {summed, Dims{dim}}), at.argument(0));
}

const Family scans_family{{
    named({.name = "cumsum", .arguments = "Tensor self, int dim, *, ScalarType? dtype=None"},
          {.rule = cumsum_rule,
           .compute = host_compute(cumsum_compute),
           .derivative = saving(cumsum_slope),
           .zero = keeps_zero,
           .domain = "self = tensor(S...) ; let dtype = int + float + complex ; dim = dim "
                     "; dtype = none | f64 | dtype(any)",
           .accuracy = accuracy::sums}),
}};

}  // namespace

}  // namespace engine::ops
