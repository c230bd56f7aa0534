// Scans: cumsum, each element the sum of those before it and itself, in the accumulator that sums have.
#include "engine/backends/copy.h"
#include "engine/backends/cpu/blocks.h"
#include "engine/core/error.h"
#include "engine/kernels/reduction_kernel.h"
#include "engine/ops/formulas.h"
#include "engine/ops/host_compute.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

// The dtype given, else that of a tensor to write, else the argument's, integers widened.
DType scanned_dtype(const CallArguments& args) {
  if (const std::optional<DType> given = args.dtype(2)) return *given;
  for (size_t i = 0; i < args.size(); ++i)
    if (args.schema().arguments[i].is_write()) return args.tensor(i).dtype();
  const DType own = args.tensor(0).dtype();
  return is_integral(own) ? DType::i64 : own;
}

Plan rule(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  wrapped_dim(args.integer(1), self.rank());
  return {fresh(scanned_dtype(args), self.sizes().copy(), self.device())};
}

// One row, in `T`, summed in what sums are accumulated in.
template <class T>
void scan_row(const Tensor& self, const Tensor& out, int64_t from, int64_t to, size_t dim) {
  const bool one = self.rank() == 0;
  const int64_t count = one ? 1 : self.size(dim);
  std::vector<T> row(static_cast<size_t>(count));
  const auto* const first = self.data<std::byte>() + from * static_cast<int64_t>(size_of(self.dtype()));
  auto* const bytes = reinterpret_cast<std::byte*>(row.data());
  cpu::load_block(compute_type<T>(), bytes, self.dtype(), first, one ? 1 : self.stride(dim), count);
  cpu::round_block(compute_type<T>(), bytes, out.dtype(), count);
  Wider<T> sum{};
  for (T& element : row) {
    sum = math::add(sum, math::cast<Wider<T>>(element));
    element = math::cast<T>(sum);
  }
  cpu::store_block(out.dtype(), out.data<std::byte>() + to * static_cast<int64_t>(size_of(out.dtype())),
                   one ? 1 : out.stride(dim), compute_type<T>(), bytes, count);
}

void compute(const CallArguments& args, std::span<const Tensor> results) {
  const Tensor &out = results[0], self = truths_for(out.dtype(), args.tensor(0));
  if (out.element_count() == 0) return;
  const size_t dim = wrapped_dim(args.integer(1), self.rank());
  Dims starts = self.sizes().copy();
  if (!starts.empty()) starts[dim] = 1;
  std::vector<int64_t> from, to;
  for_each_position(starts, self.strides(), 0, [&](int64_t at) { from.push_back(at); });
  for_each_position(starts, out.strides(), 0, [&](int64_t at) { to.push_back(at); });
  with_compute_type(compute_type_of(out.dtype()), [&]<class T>() {
    for (size_t i = 0; i < from.size(); ++i) scan_row<T>(self, out, from[i], to[i], dim);
  });
}

// What comes behind an element sums back to it.
std::vector<Tensor> slope(Backward& at) {
  const int64_t dim = at.args().integer(1);
  const std::optional<DType> computed = at.args().dtype(2);  // in place a complex tensor gets real sums then
  const bool real = computed && !is_complex(*computed) && is_complex(at.grad().dtype());
  const Tensor arrived = real ? at.ops("aten::real", {at.grad()}) : at.grad();
  const Tensor behind = at.ops("aten::flip", {arrived, Dims{dim}});
  const Tensor summed = at.ops("aten::cumsum", {behind, dim});
  return {at.ops.like_argument(at.ops("aten::flip", {summed, Dims{dim}}), at.argument(0))};
}

OperatorDeclaration cumsum() {
  const std::string more = "int dim, *, ScalarType? dtype=None";
  return {.functional = "aten::cumsum(Tensor self, " + more + ") -> Tensor",
          .in_place = "aten::cumsum_(Tensor(a!) self, " + more + ") -> Tensor(a!)",
          .out = "aten::cumsum.out(Tensor self, " + more + ", Tensor(a!) out) -> Tensor(a!)",
          .rule = rule,
          .compute = host_compute(compute),
          .derivative = {.formula = slope},
          .zero = {ZeroRule::When::all, 0b1, ZeroRule::Exact::always},
          .domain =
              "self = tensor(S...) ; let dtype = int + float + complex ; dim = dim ; dtype = none | f64 | "
              "dtype(any)",
          .accuracy = accuracy::sums};
}

const Family scans_family{{cumsum()}};

}  // namespace

}  // namespace engine::ops
