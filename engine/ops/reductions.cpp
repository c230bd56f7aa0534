// Reductions: sum mean prod amax amin any all argmax argmin max min, over all dimensions or some.
#include <fmt/core.h>

#include "engine/backends/copy.h"
#include "engine/backends/machine.h"
#include "engine/core/error.h"
#include "engine/kernels/functors/folds.h"
#include "engine/kernels/reduction_kernel.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/promotion.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

using namespace functors;

struct Reduction {
  ReductionKernel kernel;
  DType (*common)(DType self) = nullptr;  // what is computed in, unless a dtype is given
  // Places of arguments; 0 if the operator has none.
  size_t dim = 0;  // int[]?, int, or int?
  size_t keepdim = 0;
  size_t dtype = 0;
  bool needs_elements = false;  // refuses to reduce a dimension of size 0
};

DType itself(DType dtype) { return dtype; }
DType integers_widened(DType dtype) { return is_integral(dtype) ? DType::i64 : dtype; }

// The dimensions that the value of `dim` names.
std::vector<bool> reduced_by(const Value& dim, size_t rank) {
  if (dim.is_none()) return reduced_dims({}, rank);
  if (dim.is(ValueTag::integers)) return reduced_dims(dim.integers(), rank);
  return reduced_dims(Dims{dim.integer()}, rank);
}
std::vector<bool> reduced_by(const Reduction& op, const CallArguments& args) {
  return reduced_by(op.dim == 0 ? Value() : args[op.dim], args.tensor(0).rank());
}

bool is_given_dtype(const Reduction& op, const CallArguments& args) {
  return op.dtype > 0 && !args.is_none(op.dtype);
}

// Without a given dtype, that of the out= tensor, if the operator takes a dtype.
DType common_of(const Reduction& op, const CallArguments& args) {
  if (is_given_dtype(op, args)) return *args.dtype(op.dtype);
  if (op.dtype > 0 && args.schema().has_out()) return args.tensor(args.size() - 1).dtype();
  return op.common(args.tensor(0).dtype());
}

Plan reduction_rule(const Reduction& op, const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  const DType common = common_of(op, args);
  const bool takes_self = is_given_dtype(op, args) || op.kernel.dtypes.has(op.common(self.dtype()));
  if (!takes_self || !op.kernel.dtypes.has(common)) {
    if (args.operator_name() == "mean")
      throw Error(
          fmt::format("mean(): could not infer output dtype. Input dtype must be either a floating "
                      "point or complex dtype. Got: {}",
                      name_of(common)));
    args.refuse_dtype(common);
  }
  const std::vector<bool> reduced = reduced_by(op, args);
  if (op.needs_elements)
    for (size_t d = 0; d < reduced.size(); ++d)
      if (reduced[d] && self.size(d) == 0)
        throw Error(
            fmt::format("{}(): Expected reduction dim {} to have non-zero size.", args.operator_name(), d),
            ErrorKind::index);
  const bool keepdim = op.keepdim > 0 && args.boolean(op.keepdim);
  const ComputeType result = op.kernel.results[static_cast<size_t>(compute_type_of(common))];
  DType dtype = common;
  if (result == ComputeType::boolean) dtype = common == DType::u8 ? DType::u8 : DType::b8;  // any and all
  return {fresh(dtype, reduced_sizes<int64_t>(self.sizes(), reduced, keepdim), self.device())};
}

OperatorDeclaration reduction(const Reduction& op, OperatorDeclaration rest) {
  rest.rule = [op](const CallArguments& args) { return reduction_rule(op, args); };
  rest.compute = [op](const CallArguments& args, std::span<const Tensor> results) {
    const DType common = common_of(op, args);
    const Tensor self = truths_for(common, args.tensor(0));
    machine_of(self.device()).reduction(op.kernel, common, results[0], self, reduced_by(op, args));
  };
  rest.dtypes = op.kernel.dtypes;
  return rest;
}

// The gradient with dimensions of size 1 for the reduced ones, to be expanded.
Tensor unreduced(Backward& at, const Tensor& of, bool over_all) {
  const CallArguments args = at.args();
  if (!over_all && args.boolean(2)) return of;
  const Tensor& self = at.argument(0);
  const std::vector<bool> reduced = reduced_by(over_all ? Value() : args[1], self.rank());
  return at.ops.reshape(of, reduced_sizes<int64_t>(self.sizes(), reduced, true));
}
Tensor spread(Backward& at, const Tensor& gradient, bool over_all) {
  return at.ops("aten::expand", {unreduced(at, gradient, over_all), at.argument(0).sizes().copy()});
}
Tensor sum_slope(Backward& at, bool over_all) {
  return at.ops.to_dtype(spread(at, at.grad(), over_all), at.argument(0).dtype());
}
Tensor mean_slope(Backward& at, bool over_all) {
  const auto all = static_cast<double>(at.argument(0).element_count());
  const auto kept = static_cast<double>(at.grad().element_count());
  const Tensor part = at.ops("aten::div.Scalar", {at.grad(), Scalar(kept == 0 ? 1.0 : all / kept)});
  return at.ops.to_dtype(spread(at, part, over_all), at.argument(0).dtype());
}
// Equal elements share the slope.
Tensor extreme_slope(Backward& at) {
  const Tensor& self = at.argument(0);
  const Tensor chosen = at.ops("aten::eq.Tensor", {self, spread(at, at.result(), false)});
  const CallArguments args = at.args();
  const Tensor count =
      at.ops("aten::sum.dim_IntList", {at.ops.to_dtype(chosen, self.dtype()), args[1], true});
  const Tensor share = at.ops.div(unreduced(at, at.grad(), false), count);
  return at.ops.mul(at.ops.to_dtype(chosen, self.dtype()), share);
}

// For each element the product of those before it along a dimension, in log2(size) steps.
Tensor products_before(Backward& at, const Tensor& of, int64_t dim) {
  const int64_t size = of.size(static_cast<size_t>(dim));
  const auto part = [&](const Tensor& from, int64_t begin, int64_t end) {
    return at.ops("aten::slice.Tensor", {from, dim, begin, end, 1});
  };
  const auto joined = [&](const Tensor& a, const Tensor& b) {
    return at.ops("aten::cat", {std::vector<Tensor>{a, b}, dim});
  };
  Tensor made = joined(at.ops("aten::ones_like", {part(of, 0, 1)}), part(of, 0, size - 1));
  for (int64_t step = 1; step < size; step *= 2)
    made = joined(part(made, 0, step), at.ops.mul(part(made, step, size), part(made, 0, size - step)));
  return made;
}

// The product of all other elements: of those before times those after. Without a division, zeros and a
// product that leaves the dtype's range do no harm.
Tensor prod_slope(Backward& at, bool over_all) {
  const Tensor& argument = at.argument(0);
  if (argument.element_count() == 0) return at.ops.zeros_like(argument);
  const bool flat = over_all || argument.rank() == 0;
  Tensor self = at.ops.to_dtype(argument, at.grad().dtype());
  if (flat) self = at.ops.reshape(self, Dims{-1});
  const int64_t dim = flat ? 0 : static_cast<int64_t>(wrapped_dim(at.args().integer(1), self.rank()));
  const auto flipped = [&](const Tensor& of) { return at.ops("aten::flip", {of, Dims{dim}}); };
  const Tensor before = products_before(at, self, dim);
  const Tensor after = flipped(products_before(at, flipped(self), dim));
  const Tensor others = at.ops.reshape(at.ops.mul(before, after), argument.sizes().copy());
  const Tensor slope = at.ops.mul(spread(at, at.grad(), over_all), at.ops.conj(others));
  return at.ops.like_argument(slope, argument);
}
// Only the chosen element has a gradient.
Tensor chosen_slope(Backward& at) {
  return at.ops("aten::scatter_add", {at.ops.contiguous_zeros_like(at.argument(0)), at.args().integer(1),
                                      unreduced(at, at.result(1), false), unreduced(at, at.grad(), false)});
}

constexpr ZeroRule keeps_zero_with_elements{ZeroRule::When::all, 0b1, ZeroRule::Exact::with_elements};
constexpr const char* anything = "self = tensor(S...) ; let dtype = int + bool + float + complex";

// Over all dimensions, and over some.
template <class F, DTypes dtypes>
std::vector<OperatorDeclaration> sums(const std::string& name, DType (*common)(DType),
                                      Tensor (*slope)(Backward&, bool over_all), const ZeroRule& zero,
                                      const std::string& drawn) {
  const ReductionKernel kernel = reduction_kernel<F, dtypes>();
  const std::string dims = name == "sum" ? ".dim_IntList" : ".dim";
  const std::string out = name == "sum" ? ".IntList_out" : ".out";
  const std::string arguments = "(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None";
  const std::string self = "self = tensor(S...) ; let dtype = " + drawn;
  return {reduction({.kernel = kernel, .common = common, .dtype = 1},
                    {.functional = "aten::" + name + "(Tensor self, *, ScalarType? dtype=None) -> Tensor",
                     .derivative = saving([slope](Backward& at) { return slope(at, true); }),
                     .zero = zero,
                     .domain = self + " ; dtype = none | f64 | dtype(any)",
                     .accuracy = accuracy::sums}),
          reduction({.kernel = kernel, .common = common, .dim = 1, .keepdim = 2, .dtype = 3},
                    {.functional = "aten::" + name + dims + arguments + ") -> Tensor",
                     .out = "aten::" + name + out + arguments + ", Tensor(a!) out) -> Tensor(a!)",
                     .derivative = saving([slope](Backward& at) { return slope(at, false); }),
                     .zero = zero,
                     .domain = self + " ; dim = dims | dim ; dtype = none | f64 | dtype(any)",
                     .accuracy = accuracy::sums})};
}

const Family sum_family{
    sums<Sum, all_dtype_set>("sum", integers_widened, sum_slope, keeps_zero, "int + bool + float + complex")};
const Family mean_family{
    sums<Mean, floating_dtypes>("mean", itself, mean_slope, keeps_zero_with_elements, "float + complex")};

OperatorDeclaration prod(bool over_dim) {
  Reduction op{.kernel = reduction_kernel<Prod, all_dtype_set>(), .common = integers_widened, .dtype = 1};
  OperatorDeclaration rest{
      .functional = "aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor",
      .derivative = saving<0b1>([over_dim](Backward& at) { return prod_slope(at, !over_dim); }),
      .zero = keeps_zero_with_elements,
      .domain = anything,
      .accuracy = accuracy::sums};
  if (over_dim) {
    op.dim = 1;
    op.keepdim = 2;
    op.dtype = 3;
    const std::string arguments = "(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None";
    rest.functional = "aten::prod.dim_int" + arguments + ") -> Tensor";
    rest.out = "aten::prod.int_out" + arguments + ", Tensor(a!) out) -> Tensor(a!)";
    rest.domain += " ; dim = dim";
  }
  return reduction(op, rest);
}

template <class F, DTypes dtypes>
Reduction extreme_over_dim() {
  return {.kernel = reduction_kernel<F, dtypes>(),
          .common = itself,
          .dim = 1,
          .keepdim = 2,
          .needs_elements = true};
}

template <class Before>
OperatorDeclaration extreme(const std::string& name) {
  return reduction(
      extreme_over_dim<Extreme<Before>, ordered_dtypes>(),
      named({.name = name, .arguments = "Tensor self, int[1] dim=[], bool keepdim=False", .in_place = false},
            {.derivative = saving<0b1, 0b1>(extreme_slope),
             .zero = keeps_zero,
             .domain = "self = tensor(S...) ; let dtype = int + bool + float ; dim = dims | dim",
             .accuracy = accuracy::exact}));
}

template <class Before>
OperatorDeclaration arg_extreme(const std::string& name) {
  OperatorDeclaration made = reduction(
      extreme_over_dim<ArgExtreme<Before>, ordered_dtypes - bool_dtype>(),
      named({.name = name, .arguments = "Tensor self, int? dim=None, bool keepdim=False", .in_place = false},
            {.domain = "self = tensor(S...) ; let dtype = int + float ; dim = dim | none",
             .accuracy = accuracy::exact}));
  made.rule = [rule = made.rule](const CallArguments& args) {
    Plan plan = rule(args);
    plan[0].dtype = DType::i64;
    return plan;
  };
  return made;
}

// Values and their indices.
template <class Before>
OperatorDeclaration extreme_with_index(const std::string& name, const std::string& out_index) {
  const Reduction values = extreme_over_dim<Extreme<Before>, ordered_dtypes>();
  const Reduction indices = extreme_over_dim<ArgExtreme<Before>, ordered_dtypes>();
  const std::string arguments = "(Tensor self, int dim, bool keepdim=False";
  return {.functional = "aten::" + name + ".dim" + arguments + ") -> (Tensor values, Tensor indices)",
          .out = "aten::" + name + ".dim_" + name + arguments + ", *, Tensor(a!) " + name + ", Tensor(b!) " +
                 out_index + ") -> (Tensor(a!) values, Tensor(b!) indices)",
          .rule =
              [values](const CallArguments& args) {
                Plan plan = reduction_rule(values, args);
                PlannedTensor& index = plan.emplace_back(PlannedTensor(plan[0]));
                index.dtype = DType::i64;
                return plan;
              },
          .compute =
              [values, indices](const CallArguments& args, std::span<const Tensor> results) {
                const Tensor& self = args.tensor(0);
                const std::vector<bool> reduced = reduced_by(values, args);
                const Machine& machine = machine_of(self.device());
                machine.reduction(values.kernel, self.dtype(), results[0], self, reduced);
                machine.reduction(indices.kernel, self.dtype(), results[1], self, reduced);
              },
          .dtypes = ordered_dtypes,
          .derivative = saving<0, 0b10>(chosen_slope),
          .domain = "self = tensor(S...) ; let dtype = int + bool + float ; dim = dim",
          .accuracy = accuracy::exact};
}

// Without a zero rule, since all of no elements is true.
template <class F>
std::vector<OperatorDeclaration> quantified(const std::string& name) {
  const ReductionKernel kernel = reduction_kernel<F, all_dtype_set>();
  const std::string arguments = "(Tensor self, int dim, bool keepdim=False";
  return {
      reduction({.kernel = kernel, .common = itself},
                {.functional = "aten::" + name + "(Tensor self) -> Tensor",
                 .out = "aten::" + name + ".all_out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)",
                 .domain = std::string(anything) + " ; out = tensor(reduced(self)) bool disjoint",
                 .accuracy = accuracy::exact}),
      reduction({.kernel = kernel, .common = itself, .dim = 1, .keepdim = 2},
                {.functional = "aten::" + name + ".dim" + arguments + ") -> Tensor",
                 .out = "aten::" + name + ".out" + arguments + ", *, Tensor(a!) out) -> Tensor(a!)",
                 .domain = std::string(anything) + " ; dim = dim ; out = tensor(reduced(self)) bool disjoint",
                 .accuracy = accuracy::exact})};
}

const Family prod_family{{prod(false), prod(true)}};
const Family extremes{{extreme<Greater>("amax"), extreme<Less>("amin"), arg_extreme<Greater>("argmax"),
                       arg_extreme<Less>("argmin"), extreme_with_index<Greater>("max", "max_values"),
                       extreme_with_index<Less>("min", "min_indices")}};
const Family any{quantified<Quantifier<true>>("any")};
const Family all{quantified<Quantifier<false>>("all")};

}  // namespace

}  // namespace engine::ops
