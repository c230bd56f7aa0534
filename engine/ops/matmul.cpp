// Matrix and vector products: mm bmm mv dot addmm.
#include <fmt/core.h>

#include "engine/backends/machine.h"
#include "engine/core/error.h"
#include "engine/kernels/functors/ternary.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/pointwise.h"
#include "engine/ops/promotion.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

using namespace functors;

void check_rank(const Tensor& tensor, size_t rank, const char* what) {
  if (tensor.rank() != rank) throw Error(fmt::format("{} must be a {}D tensor", what, rank));
}

// Products do not promote their operands.
void check_dtypes(const CallArguments& args, size_t a, size_t b) {
  const DType one = args.tensor(a).dtype(), two = args.tensor(b).dtype();
  if (one != two)
    throw Error(fmt::format("expected m1 and m2 to have the same dtype, but got: {} != {}", name_of(one),
                            name_of(two)));
  if (one == DType::b8) args.refuse_dtype(one);
}

// Refuses matrices that cannot be multiplied.
void check_matrices(const Tensor& a, const char* name_of_a, const Tensor& b, const char* name_of_b) {
  check_rank(a, 2, name_of_a);
  check_rank(b, 2, name_of_b);
  if (a.size(1) != b.size(0))
    throw Error(fmt::format("mat1 and mat2 shapes cannot be multiplied ({} and {})",
                            sizes_text<int64_t>(a.sizes()), sizes_text<int64_t>(b.sizes())));
}

Plan mm_rule(const CallArguments& args) {
  const Tensor &a = args.tensor(0), &b = args.tensor(1);
  check_matrices(a, "self", b, "mat2");
  check_dtypes(args, 0, 1);
  return {fresh(a.dtype(), {a.size(0), b.size(1)}, common_device(args))};
}

// All on one machine: the rules check that.
void matrix_product(const Tensor& out, const Tensor& a, const Tensor& b) {
  machine_of(out.device()).product(out, a, b);
}

void mm_compute(const CallArguments& args, std::span<const Tensor> results) {
  matrix_product(results[0], args.tensor(0), args.tensor(1));
}

Plan bmm_rule(const CallArguments& args) {
  const Tensor &a = args.tensor(0), &b = args.tensor(1);
  check_rank(a, 3, "batch1");
  check_rank(b, 3, "batch2");
  if (a.size(0) != b.size(0) || a.size(2) != b.size(1))
    throw Error(fmt::format(
        "Expected size for first two dimensions of batch2 tensor to be: [{}, {}] but got: [{}, {}].",
        a.size(0), a.size(2), b.size(0), b.size(1)));
  check_dtypes(args, 0, 1);
  return {fresh(a.dtype(), {a.size(0), a.size(1), b.size(2)}, common_device(args))};
}

Tensor slice_of(const Tensor& batch, int64_t i) {
  return batch.view({batch.size(1), batch.size(2)}, {batch.stride(1), batch.stride(2)},
                    batch.offset() + i * batch.stride(0));
}

void bmm_compute(const CallArguments& args, std::span<const Tensor> results) {
  for (int64_t i = 0; i < results[0].size(0); ++i)
    matrix_product(slice_of(results[0], i), slice_of(args.tensor(0), i), slice_of(args.tensor(1), i));
}

// A vector as a matrix with one column or one row.
Tensor column(const Tensor& vector) {
  return vector.view({vector.size(0), 1}, {vector.stride(0), 1}, vector.offset());
}
Tensor row(const Tensor& vector) {
  return vector.view({1, vector.size(0)}, {1, vector.stride(0)}, vector.offset());
}

Plan mv_rule(const CallArguments& args) {
  const Tensor &a = args.tensor(0), &v = args.tensor(1);
  if (a.rank() != 2 || v.rank() != 1)
    throw Error(fmt::format("vector + matrix @ vector expected, got {}, {}", a.rank(), v.rank()));
  if (a.size(1) != v.size(0))
    throw Error(fmt::format("size mismatch, got input ({}), mat ({}x{}), vec ({})", a.size(0), a.size(0),
                            a.size(1), v.size(0)));
  check_dtypes(args, 0, 1);
  return {fresh(a.dtype(), {a.size(0)}, common_device(args))};
}

void mv_compute(const CallArguments& args, std::span<const Tensor> results) {
  matrix_product(column(results[0]), args.tensor(0), column(args.tensor(1)));
}

Plan dot_rule(const CallArguments& args) {
  const Tensor &a = args.tensor(0), &b = args.tensor(1);
  if (a.rank() != 1 || b.rank() != 1)
    throw Error(fmt::format("1D tensors expected, but got {}D and {}D tensors", a.rank(), b.rank()));
  if (a.dtype() != b.dtype())
    throw Error(fmt::format("dot : expected both vectors to have same dtype, but found {} and {}",
                            name_of(a.dtype()), name_of(b.dtype())));
  if (a.size(0) != b.size(0))
    throw Error(
        fmt::format("inconsistent tensor size, expected tensor [{0}] and src [{1}] to have the same "
                    "number of elements, but got {0} and {1} elements respectively",
                    a.size(0), b.size(0)));
  check_dtypes(args, 0, 1);
  return {fresh(a.dtype(), {}, common_device(args))};
}

void dot_compute(const CallArguments& args, std::span<const Tensor> results) {
  const Tensor product = results[0].view({1, 1}, {1, 1}, results[0].offset());
  matrix_product(product, row(args.tensor(0)), column(args.tensor(1)));
}

// beta * self + alpha * (a b); a beta of zero means that self is not read.
Plan addmm_rule(const CallArguments& args) {
  const Tensor &self = args.tensor(0), &a = args.tensor(1), &b = args.tensor(2);
  check_matrices(a, "mat1", b, "mat2");
  check_dtypes(args, 1, 2);
  if (self.dtype() != a.dtype())
    throw Error(fmt::format("self and mat2 must have the same dtype, but got {} and {}",
                            name_of(self.dtype()), name_of(a.dtype())));
  for (const size_t i : {size_t{3}, size_t{4}}) {
    const Scalar number = args.scalar(i);
    if ((is_integral(a.dtype()) && !number.is_integral()) || (!is_complex(a.dtype()) && number.is_complex()))
      throw Error("For integral input tensors, argument beta and alpha must not be floating point numbers.");
    check_fits(number, a.dtype());
  }
  const Dims sizes{a.size(0), b.size(1)};
  expanded_sizes<int64_t>(self.sizes(), sizes);
  return {fresh(a.dtype(), sizes, common_device(args))};
}

void addmm_compute(const CallArguments& args, std::span<const Tensor> results) {
  static const PointwiseKernel blend = pointwise_kernel<Blend, 4, all_dtype_set>();
  static const PointwiseKernel scaled = pointwise_kernel<Scaled, 2, all_dtype_set>();
  const Tensor& out = results[0];
  // The product of half types stays in f32: rounded before the sum, its error could be as large as the
  // result.
  const DType wide = dtype_of(compute_type_of(out.dtype()));
  const Tensor product = make_tensor(is_integral(wide) ? out.dtype() : wide, out.sizes(), out.device());
  matrix_product(product, args.tensor(1), args.tensor(2));
  const PointwiseOperand factor{&product, {}, false}, alpha{nullptr, args.scalar(4), false};
  if (!args.scalar(3).to_boolean()) {
    const std::array<PointwiseOperand, 2> operands{{factor, alpha}};
    return run_pointwise(scaled, out.dtype(), out, operands);
  }
  const std::array<PointwiseOperand, 4> operands{
      {{&args.tensor(0), {}, true}, factor, {nullptr, args.scalar(3), false}, alpha}};
  run_pointwise(blend, out.dtype(), out, operands);
}

// The conjugate transpose of a matrix, or of each in a batch.
Tensor adjoint(Backward& at, const Tensor& matrix) {
  return at.ops.conj(at.ops("aten::transpose.int", {matrix, -2, -1}));
}

std::vector<Tensor> matrix_slopes(Backward& at, std::string_view op) {
  return {at.ops(op, {at.grad(), adjoint(at, at.argument(1))}),
          at.ops(op, {adjoint(at, at.argument(0)), at.grad()})};
}

std::vector<Tensor> mv_slopes(Backward& at) {
  const Tensor column = at.ops("aten::unsqueeze", {at.grad(), 1});
  const Tensor vector = at.ops("aten::unsqueeze", {at.ops.conj(at.argument(1)), 0});
  return {at.ops.mul(column, vector), at.ops("aten::mv", {adjoint(at, at.argument(0)), at.grad()})};
}

std::vector<Tensor> dot_slopes(Backward& at) {
  return {at.ops.mul(at.grad(), at.ops.conj(at.argument(1))),
          at.ops.mul(at.grad(), at.ops.conj(at.argument(0)))};
}

std::vector<Tensor> addmm_slopes(Backward& at) {
  const Tensor scaled = at.ops.mul(at.grad(), at.ops.conj(at.number(4)));
  const Tensor of_self = at.ops.mul(at.grad(), at.ops.conj(at.number(3)));
  return {at.ops.like_argument(of_self, at.argument(0)),
          at.ops("aten::mm", {scaled, adjoint(at, at.argument(2))}),
          at.ops("aten::mm", {adjoint(at, at.argument(1)), scaled})};
}

constexpr DTypes product_dtypes = all_dtype_set - bool_dtype;

OperatorDeclaration product(const std::string& name, const std::string& arguments, Rule rule, Compute compute,
                            Derivative derivative, const std::string& domain) {
  return named({.name = name, .arguments = arguments, .in_place = false},
               {.rule = std::move(rule),
                .compute = std::move(compute),
                .dtypes = product_dtypes,
                .derivative = std::move(derivative),
                .zero = {ZeroRule::When::any, 0b11, ZeroRule::Exact::finite_others},
                .domain = "let dtype = int + float + complex ; " + domain,
                .accuracy = accuracy::products()});
}

OperatorDeclaration addmm() {
  const std::string matrices = "self = tensor(N, M) | tensor(M) ; mat1 = tensor(N, K) ; mat2 = tensor(K, M)";
  return named({.name = "addmm",
                .arguments = "Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1"},
               {.rule = addmm_rule,
                .compute = addmm_compute,
                .dtypes = product_dtypes,
                .derivative = saving<0b111>(addmm_slopes),
                .domain = "let dtype = int + float + complex ; " + matrices +
                          " ; beta = 1 | 0 | 2 ; alpha = 1 | 2 || let dtype = complex ; " + matrices +
                          " ; beta = any ; alpha = any",
                .accuracy = accuracy::products()});
}

const Family matmul_family{{
    product("mm", "Tensor self, Tensor mat2", mm_rule, mm_compute,
            saving<0b11>([](Backward& at) { return matrix_slopes(at, "aten::mm"); }),
            "self = tensor(N, K) ; mat2 = tensor(K, M)"),
    product("bmm", "Tensor self, Tensor mat2", bmm_rule, bmm_compute,
            saving<0b11>([](Backward& at) { return matrix_slopes(at, "aten::bmm"); }),
            "self = tensor(B, N, K) ; mat2 = tensor(B, K, M)"),
    product("mv", "Tensor self, Tensor vec", mv_rule, mv_compute, saving<0b11>(mv_slopes),
            "self = tensor(N, K) ; vec = tensor(K)"),
    product("dot", "Tensor self, Tensor tensor", dot_rule, dot_compute, saving<0b11>(dot_slopes),
            "self = tensor(N) ; tensor = tensor(N)"),
    addmm(),
}};

}  // namespace

}  // namespace engine::ops
