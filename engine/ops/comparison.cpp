// Comparisons, logic and choices: eq ne lt le gt ge logical_and logical_or logical_xor where masked_fill
// clamp.
#include "engine/kernels/functors/comparison.h"

#include <fmt/core.h>

#include "engine/backends/machine.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/pointwise.h"
#include "engine/ops/promotion.h"

namespace engine::ops {

namespace {

using namespace functors;

// The result is a constant: no gradient flows to the operands, nor to a tensor that it overwrites.
std::vector<Tensor> nothing_flows(Backward& at) {
  return std::vector<Tensor>(at.args()[1].is_tensor() ? 2 : 1);
}

OperatorDeclaration compared(const std::string& name, const std::string& overload,
                             const PointwiseKernel& kernel, const std::string& out_overload) {
  const bool number = overload == "Scalar";
  return pointwise_declaration(
      {.name = name,
       .overload = overload,
       .arguments = std::string("Tensor self, ") + (number ? "Scalar" : "Tensor") + " other",
       .out_overload = out_overload},
      {.kernel = kernel, .operands = {0, 1}},
      {.derivative = saving(nothing_flows),
       .domain =
           std::string("let dtype = int + bool + float") +
           (kernel.dtypes.has(DType::c64) ? " + complex" : "") + " ; self = tensor(S...)" +
           (number ? " ; other = 0 | 1 | -1 | 0.5" : " ; other = tensor(broadcast(S...)) | tensor(S...) any"),
       .accuracy = accuracy::exact});
}

template <class F, DTypes dtypes>
std::vector<OperatorDeclaration> comparison(const std::string& name) {
  const PointwiseKernel kernel = pointwise_kernel<F, 2, dtypes>();
  return {compared(name, "Tensor", kernel, "Tensor_out"), compared(name, "Scalar", kernel, "Scalar_out")};
}

const Family eq{comparison<Eq, all_dtype_set>("eq")};
const Family ne{comparison<Ne, all_dtype_set>("ne")};
const Family lt{comparison<Lt, ordered_dtypes>("lt")};
const Family le{comparison<Le, ordered_dtypes>("le")};
const Family gt{comparison<Gt, ordered_dtypes>("gt")};
const Family ge{comparison<Ge, ordered_dtypes>("ge")};

const Family logical{{
    compared("logical_and", "", pointwise_kernel<LogicalAnd, 2, all_dtype_set>(), "out"),
    compared("logical_or", "", pointwise_kernel<LogicalOr, 2, all_dtype_set>(), "out"),
    compared("logical_xor", "", pointwise_kernel<LogicalXor, 2, all_dtype_set>(), "out"),
}};

void check_condition(const CallArguments& args, DType) {
  const DType dtype = args.tensor(0).dtype();
  if (dtype != DType::b8 && dtype != DType::u8)
    throw Error(fmt::format("where expected condition to be a boolean tensor, but got a tensor with dtype {}",
                            name_of(dtype)));
}

std::vector<Tensor> where_slopes(Backward& at) {
  const Tensor none = at.ops.zeros_like(at.grad());
  const Tensor& condition = at.argument(0);
  const Tensor yes = at.ops("aten::where.self", {condition, at.grad(), none});
  const Tensor no = at.ops("aten::where.self", {condition, none, at.grad()});
  return at.like_arguments({Tensor(), yes, no});
}

OperatorDeclaration where() {
  return pointwise_declaration(
      {.name = "where",
       .overload = "self",
       .arguments = "Tensor condition, Tensor self, Tensor other",
       .out_overload = "self_out",
       .in_place = false},
      {.kernel = pointwise_kernel<Where, 3, all_dtype_set>(),
       .operands = {0, 1, 2},
       .conditions = 1,
       .check = check_condition},
      {.derivative = saving<0b1>(where_slopes),
       .zero = {ZeroRule::When::all, 0b110, ZeroRule::Exact::always},
       .domain =
           "condition = tensor(broadcast(S...)) bool ; self = tensor(S...) ; other = tensor(broadcast(S...))",
       .accuracy = accuracy::exact});
}

// where(mask, value, self) with self's dtype.
OperatorDeclaration masked_fill() {
  const Pointwise op{
      .kernel = pointwise_kernel<Where, 3, all_dtype_set>(), .operands = {1, 0}, .conditions = 1};
  OperatorDeclaration made{
      .functional = "aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor",
      .in_place = "aten::masked_fill_.Scalar(Tensor(a!) self, Tensor mask, Scalar value) -> Tensor(a!)",
      .elements =
          [op](const CallArguments& args) {
            return PointwiseCall{
                &op.kernel,
                args.tensor(0).dtype(),
                {{&args.tensor(1), {}, false}, {nullptr, args.scalar(2), true}, {&args.tensor(0), {}, true}}};
          },
      .pointwise = true,
      .derivative = saving<0b10>([](Backward& at) {
        return at.like_arguments({at.ops.zero_where(at.argument(1), at.grad()), Tensor()});
      }),
      .domain = "self = tensor(S...) ; mask = tensor(broadcast(S...)) bool ; value = 0 | 1 | -2",
      .accuracy = accuracy::exact};
  made.compute = compute_of(made.elements);
  made.rule = [rule = pointwise_rule(op)](const CallArguments& args) {
    if (args.tensor(1).dtype() != DType::b8)
      throw Error(fmt::format("masked_fill only supports boolean masks, but got dtype {}",
                              name_of(args.tensor(1).dtype())));
    check_fits(args.scalar(2), args.tensor(0).dtype());
    Plan plan = rule(args);
    plan[0].strides = contiguous_strides(plan[0].sizes);
    return plan;
  };
  return made;
}

constexpr DTypes clamped_dtypes = ordered_dtypes - bool_dtype;

void check_bounds(const CallArguments& args, DType common) {
  for (const size_t i : {size_t{1}, size_t{2}})
    if (!args.is_none(i)) check_fits(args.scalar(i), common);
}

// The kernel for the given bounds: each of the two may be None.
const Pointwise& clamp_kernel(const CallArguments& args) {
  static const PointwiseKernel both = pointwise_kernel<ClampBoth, 3, clamped_dtypes>();
  static const PointwiseKernel below = pointwise_kernel<ClampBelow, 2, clamped_dtypes>();
  static const PointwiseKernel above = pointwise_kernel<ClampAbove, 2, clamped_dtypes>();
  static const std::array<Pointwise, 3> kernels{
      {{.kernel = both, .operands = {0, 1, 2}, .check = check_bounds},
       {.kernel = below, .operands = {0, 1}, .check = check_bounds},
       {.kernel = above, .operands = {0, 2}, .check = check_bounds}}};
  const bool low = !args.is_none(1), high = !args.is_none(2);
  if (!low && !high) throw Error("torch.clamp: At least one of 'min' or 'max' must not be None");
  return kernels[low && high ? 0 : low ? 1 : 2];
}

// No gradient flows to elements that a bound replaced.
Tensor clamp_slope(Backward& at) {
  const CallArguments args = at.args();
  const bool closed =
      !args.is_none(1) && !args.is_none(2) && !(args.scalar(1).to_real() < args.scalar(2).to_real());
  if (closed) return at.ops.zeros_like(at.argument(0));
  Tensor slope = at.grad();
  const auto stop = [&](std::string_view beyond, size_t bound) {
    if (args.is_none(bound)) return;
    slope = at.ops.zero_where(at.ops(beyond, {at.argument(0), args.scalar(bound)}), slope);
  };
  stop("aten::lt.Scalar", 1);
  stop("aten::gt.Scalar", 2);
  return at.ops.like_argument(slope, at.argument(0));
}

OperatorDeclaration clamp() {
  const auto elements = [](const CallArguments& args) { return pointwise_call(clamp_kernel(args), args); };
  return named({.name = "clamp", .arguments = "Tensor self, Scalar? min=None, Scalar? max=None"},
               {.rule = [](const CallArguments& args) { return pointwise_rule(clamp_kernel(args))(args); },
                .compute = compute_of(elements),
                .elements = elements,
                .dtypes = clamped_dtypes,
                .pointwise = true,
                .derivative = saving<0b1>(clamp_slope),
                .domain = "self = tensor(S...) ; let dtype = int + float ; min = -2..0 ; max = 0..3 "
                          "|| min = none ; max = -1..2",
                .accuracy = accuracy::exact});
}

const Family choosing{{where(), masked_fill(), clamp()}};

}  // namespace

}  // namespace engine::ops
