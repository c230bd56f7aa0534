// Views: results that share the storage of argument 0. The rule plans their geometry; no kernel runs.
#include <fmt/core.h>

#include "engine/core/error.h"
#include "engine/dispatch/operator.h"
#include "engine/ops/declaration.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/promotion.h"
#include "engine/ops/shape_rules.h"
#include "engine/ops/view_derivatives.h"

namespace engine::ops {

namespace {

// All of argument 0.
PlannedTensor whole(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  PlannedTensor plan{self.dtype(), self.sizes().copy(), self.strides().copy(), self.device(), self.offset()};
  plan.is_view = true;
  return plan;
}

void view_rule(PlannedTensor& plan, const CallArguments& args) {
  const Dims wanted = inferred_sizes<int64_t>(args.integers(1), element_count(plan.sizes));
  const std::optional<Dims> strides = viewed_strides(plan.sizes, plan.strides, wanted);
  if (!strides)
    throw Error(
        "view size is not compatible with input tensor's size and stride (at least one dimension spans "
        "across two contiguous subspaces). Use .reshape(...) instead.");
  plan.sizes = wanted;
  plan.strides = *strides;
}

void drop_dim(PlannedTensor& plan, size_t d) {
  plan.sizes.erase(plan.sizes.begin() + static_cast<std::ptrdiff_t>(d));
  plan.strides.erase(plan.strides.begin() + static_cast<std::ptrdiff_t>(d));
}

void swap_dims(PlannedTensor& plan, size_t a, size_t b) {
  if (plan.sizes.empty()) return;
  std::swap(plan.sizes[a], plan.sizes[b]);
  std::swap(plan.strides[a], plan.strides[b]);
}

void transpose_rule(PlannedTensor& plan, const CallArguments& args) {
  const size_t a = wrapped_dim(args.integer(1), plan.sizes.size());
  const size_t b = wrapped_dim(args.integer(2), plan.sizes.size());
  swap_dims(plan, a, b);
}

void t_rule(PlannedTensor& plan, const CallArguments&) {
  if (plan.sizes.size() > 2)
    throw Error(fmt::format("t() expects a tensor with <= 2 dimensions, but self is {}D", plan.sizes.size()));
  if (plan.sizes.size() == 2) swap_dims(plan, 0, 1);
}

void permute_rule(PlannedTensor& plan, const CallArguments& args) {
  const Dims from = plan.sizes, steps = plan.strides;
  const Dims& dims = args.integers(1);
  if (dims.size() != from.size())
    throw Error(
        "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the "
        "desired ordering of dimensions");
  std::vector<bool> seen(dims.size(), false);
  for (size_t i = 0; i < dims.size(); ++i) {
    const size_t d = wrapped_dim(dims[i], dims.size());
    if (seen[d]) throw Error("permute(): duplicate dims are not allowed.");
    seen[d] = true;
    plan.sizes[i] = from[d];
    plan.strides[i] = steps[d];
  }
}

void expand_rule(PlannedTensor& plan, const CallArguments& args) {
  const Dims sizes = expanded_sizes<int64_t>(plan.sizes, args.integers(1));
  const size_t lead = sizes.size() - plan.sizes.size();
  Dims strides(sizes.size(), 0);
  for (size_t d = sizes.size(); d-- > 0;) {
    if (d >= lead && plan.sizes[d - lead] == sizes[d])
      strides[d] = plan.strides[d - lead];
    else if (d < lead && sizes[d] == 1)
      strides[d] = d + 1 < sizes.size() ? sizes[d + 1] * strides[d + 1] : 1;
  }
  plan.sizes = sizes;
  plan.strides = strides;
}

void select_rule(PlannedTensor& plan, const CallArguments& args) {
  if (plan.sizes.empty()) throw Error("select() cannot be applied to a 0-dim tensor.", ErrorKind::index);
  const size_t d = wrapped_dim(args.integer(1), plan.sizes.size());
  const int64_t index = args.integer(2), size = plan.sizes[d];
  if (index < -size || index >= size)
    throw Error(fmt::format("select(): index {} out of range for tensor of size {} at dimension {}", index,
                            sizes_text<int64_t>(plan.sizes), d),
                ErrorKind::index);
  plan.offset += (index < 0 ? index + size : index) * plan.strides[d];
  drop_dim(plan, d);
}

void slice_rule(PlannedTensor& plan, const CallArguments& args) {
  if (plan.sizes.empty()) throw Error("slice() cannot be applied to a 0-dim tensor.");
  const size_t d = wrapped_dim(args.integer(1), plan.sizes.size());
  const int64_t size = plan.sizes[d], step = args.integer(4);
  if (step <= 0) throw Error("slice step must be positive");
  const auto clamped = [&](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + size : at, 0, size); };
  const int64_t start = clamped(args.is_none(2) ? 0 : args.integer(2));
  const int64_t end = std::max(start, clamped(args.is_none(3) ? size : args.integer(3)));
  const int64_t count = end - start;
  plan.offset += start * plan.strides[d];
  plan.sizes[d] = count / step + (count % step != 0 ? 1 : 0);
  // The stride of a single element does not matter, and must not overflow.
  if (step <= std::max<int64_t>(size, 1)) plan.strides[d] *= step;
}

void squeeze_rule(PlannedTensor& plan, const CallArguments&) {
  for (size_t d = plan.sizes.size(); d-- > 0;)
    if (plan.sizes[d] == 1) drop_dim(plan, d);
}

void squeeze_dim_rule(PlannedTensor& plan, const CallArguments& args) {
  const size_t d = wrapped_dim(args.integer(1), plan.sizes.size());
  if (!plan.sizes.empty() && plan.sizes[d] == 1) drop_dim(plan, d);
}

void unsqueeze_rule(PlannedTensor& plan, const CallArguments& args) {
  const size_t d = wrapped_dim(args.integer(1), plan.sizes.size() + 1);
  const int64_t stride = d < plan.sizes.size() ? plan.sizes[d] * plan.strides[d] : 1;
  plan.sizes.insert(plan.sizes.begin() + static_cast<std::ptrdiff_t>(d), 1);
  plan.strides.insert(plan.strides.begin() + static_cast<std::ptrdiff_t>(d), stride);
}

void diagonal_rule(PlannedTensor& plan, const CallArguments& args) {
  const size_t a = wrapped_dim(args.integer(2), plan.sizes.size());
  const size_t b = wrapped_dim(args.integer(3), plan.sizes.size());
  if (a == b)
    throw Error(
        fmt::format("diagonal dimensions cannot be identical {}, {}", args.integer(2), args.integer(3)));
  const int64_t offset = args.integer(1);
  const int64_t size = offset >= 0 ? std::min(plan.sizes[a], plan.sizes[b] - offset)
                                   : std::min(plan.sizes[a] + offset, plan.sizes[b]);
  if (size > 0) plan.offset += offset >= 0 ? offset * plan.strides[b] : -offset * plan.strides[a];
  const int64_t stride = plan.strides[a] + plan.strides[b];
  for (const size_t d : {std::max(a, b), std::min(a, b)}) drop_dim(plan, d);
  plan.sizes.push_back(std::max<int64_t>(size, 0));
  plan.strides.push_back(stride);
}

void as_strided_rule(PlannedTensor& plan, const CallArguments& args) {
  plan.sizes = args.integers(1);
  plan.strides = args.integers(2);
  plan.offset = args.is_none(3) ? plan.offset : args.integer(3);
  if (plan.sizes.size() != plan.strides.size()) throw Error("mismatch in length of strides and shape");
  for (size_t d = 0; d < plan.sizes.size(); ++d) {
    if (plan.sizes[d] < 0) throw Error("as_strided: a size is negative");
    if (plan.strides[d] < 0) throw Error("as_strided: Negative strides are not supported at the moment");
  }
  const auto bytes = static_cast<int64_t>(args.tensor(0).storage()->bytes());
  if (!fits(plan.sizes, plan.strides, plan.offset, bytes / static_cast<int64_t>(size_of(plan.dtype))))
    throw Error(fmt::format(
        "setStorage: sizes {}, strides {}, storage offset {} are out of bounds for storage of size {}",
        sizes_text<int64_t>(plan.sizes), sizes_text<int64_t>(plan.strides), plan.offset, bytes));
}

Plan unbind_rule(const CallArguments& args) {
  const PlannedTensor all = whole(args);
  if (all.sizes.empty())
    throw Error("Dimension specified as 0 but tensor has no dimensions", ErrorKind::index);
  const size_t d = wrapped_dim(args.integer(1), all.sizes.size());
  Plan plan;
  for (int64_t i = 0; i < all.sizes[d]; ++i) {
    PlannedTensor& one = plan.emplace_back(all);
    one.offset += i * all.strides[d];
    drop_dim(one, d);
  }
  return plan;
}

void alias_rule(PlannedTensor&, const CallArguments&) {}

void conj_rule(PlannedTensor& plan, const CallArguments&) {
  if (!is_complex(plan.dtype)) throw Error("_conj: expected a complex tensor");
  plan.toggled = DispatchKey::Conjugate;
}

void neg_view_rule(PlannedTensor& plan, const CallArguments&) {
  if (plan.dtype == DType::b8) throw Error("_neg_view: bool has no negation");
  plan.toggled = DispatchKey::Negative;
}

void view_as_real_rule(PlannedTensor& plan, const CallArguments& args) {
  if (!is_complex(plan.dtype)) throw Error("view_as_real is only supported for complex tensors");
  if (args.tensor(0).is_conj())
    throw Error(
        "view_as_real doesn't work on unresolved conjugated tensors.  To resolve the conjugate tensor so "
        "you can view it as real, use self.resolve_conj(); however, be warned that the resulting tensor "
        "will NOT alias the original.");
  plan.dtype = component_of(plan.dtype);
  for (int64_t& stride : plan.strides) stride *= 2;
  plan.offset *= 2;
  plan.sizes.push_back(2);
  plan.strides.push_back(1);
}

struct ViewNames {
  const char* name;
  const char* arguments;  // after self
  const char* domain;
  bool in_place = false;
};

// `rule` changes the plan of all of argument 0.
OperatorDeclaration view(const ViewNames& names, void (*rule)(PlannedTensor&, const CallArguments&),
                         Derivative derivative) {
  const std::string name = names.name, more = names.arguments;
  const size_t dot = name.find('.');
  const std::string base = name.substr(0, dot), overload = dot == std::string::npos ? "" : name.substr(dot);
  OperatorDeclaration made{
      .kind = OperatorKind::view,
      .functional = "aten::" + name + "(Tensor(a) self" + more + ") -> Tensor(a)",
      .rule = [rule](const CallArguments& args) -> Plan {
        PlannedTensor plan = whole(args);
        rule(plan, args);
        return {std::move(plan)};
      },
      // A view has the bits of its argument.
      .handles = {DispatchKey::Conjugate, DispatchKey::Negative, DispatchKey::ZeroTensor},
      .derivative = std::move(derivative),
      .zero = keeps_zero,
      .domain = names.domain,
      .accuracy = accuracy::exact};
  // ATen's name of transpose's in-place form has no overload.
  if (names.in_place)
    made.in_place = "aten::" + base + "_" + (overload == ".int" ? "" : overload) + "(Tensor(a!) self" + more +
                    ") -> Tensor(a!)";
  return made;
}

const Family shapes{{
    view({"view", ", SymInt[] size",
          "self = tensor(N, M, K) contiguous | tensor(N, M, K) ; let dtype = any "
          "; size = [N, M, K] | [N * M, K] | [-1] | [-1, K] | [N, M * K]"},
         view_rule, saving(reshaped)),
    view({"expand", ", SymInt[] size, *, bool implicit=False",
          "self = tensor(N, 1, K) ; let dtype = any ; size = [N, M, K] | [2, N, 1, K] | [N, M, -1] | [-1, 3, "
          "-1]"},
         expand_rule, saving([](Backward& at) { return at.ops.sum_to(at.grad(), at.argument(0).sizes()); })),
    view({"squeeze", "", "self = tensor(N, 1, K) | tensor(S...) ; let dtype = any", true}, squeeze_rule,
         saving(reshaped)),
    view({"squeeze.dim", ", int dim", "self = tensor(N, 1, K) | tensor(S...) ; let dtype = any ; dim = dim",
          true},
         squeeze_dim_rule, saving(reshaped)),
    view({"unsqueeze", ", int dim",
          "self = tensor(S...) ; let dtype = any ; dim = 0 - rank(S...) - 1..rank(S...)", true},
         unsqueeze_rule, saving(reshaped)),
}};

const Family orders{{
    view({"transpose.int", ", int dim0, int dim1",
          "self = tensor(S...) ; let dtype = any ; dim0 = dim ; dim1 = dim", true},
         transpose_rule, saving([](Backward& at) {
           return at.ops("aten::transpose.int", {at.grad(), at.args()[1], at.args()[2]});
         })),
    view({"t", "", "self = tensor(N, M) | tensor(N) ; let dtype = any", true}, t_rule,
         saving([](Backward& at) { return at.ops("aten::t", {at.grad()}); })),
    view({"permute", ", int[] dims", "self = tensor(S...) ; let dtype = any ; dims = permutation"},
         permute_rule, saving(unpermuted)),
}};

const Family parts{{
    view({"select.int", ", int dim, SymInt index",
          "self = tensor(S...) ; let dtype = any ; let D = 0..rank(S...) - 1 ; dim = D | D - rank(S...) "
          "; index = 0 - size(self, D)..size(self, D) - 1 | 0 - size(self, D) | size(self, D) - 1"},
         select_rule, saving([](Backward& at) { return embedded(at, "aten::select.int"); })),
    view({"slice.Tensor", ", int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1",
          "self = tensor(S...) ; let dtype = any ; dim = dim ; start = none | 0..2 | -9..-1 "
          "; end = none | 0..9 | -9..-1 ; step = 1..3"},
         slice_rule, saving([](Backward& at) { return embedded(at, "aten::slice.Tensor"); })),
    view({"diagonal", ", int offset=0, int dim1=0, int dim2=1",
          "self = tensor(N, M, K) ; let dtype = any ; offset = -4..4 ; dim1 = 0 | 1 | -3 ; dim2 = 2 | -1"},
         diagonal_rule, saving([](Backward& at) { return embedded(at, "aten::diagonal"); })),
    view({"as_strided", ", SymInt[] size, SymInt[] stride, SymInt? storage_offset=None",
          "self = tensor(3, 4) contiguous | tensor(4, 3) ; let dtype = any ; size = [2, 3] "
          "; stride = [1, 2] | [4, 1] | [3, 1] | [0, 1] | [1, 1] ; storage_offset = none | 0..2"},
         as_strided_rule, saving(unstrided)),
}};

const Family lazy_bits{{
    view({"_conj", "", "self = tensor(S...) ; let dtype = complex"}, conj_rule,
         saving([](Backward& at) { return at.ops.conj(at.grad()); })),
    view({"_neg_view", "", "self = tensor(S...) ; let dtype = int + float + complex"}, neg_view_rule,
         saving([](Backward& at) { return at.ops.neg(at.grad()); })),
    view({"detach", "", "self = tensor(S...) ; let dtype = any"}, alias_rule, {.constant = true}),
    view({"alias", "", "self = tensor(S...) ; let dtype = any"}, alias_rule,
         saving([](Backward& at) { return at.grad(); })),
    view({"view_as_real", "", "self = tensor(S...) ; let dtype = complex"}, view_as_real_rule,
         saving([](Backward& at) { return embedded(at, "aten::view_as_real"); })),
}};

OperatorDeclaration unbind() {
  OperatorDeclaration made =
      view({"unbind.int", ", int dim=0", "self = tensor(S...) ; let dtype = any ; dim = dim"}, alias_rule,
           saving(stacked));
  made.rule = unbind_rule;
  made.functional = "aten::unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]";
  return made;
}
const Family lists{{unbind()}};

}  // namespace

}  // namespace engine::ops
