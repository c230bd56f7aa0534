#include "engine/fake/shapes/symbolic_rules.h"

#include <algorithm>
#include <array>

#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/dispatch/operator.h"
#include "engine/fake/shapes/symbolic_views.h"
#include "engine/ops/declaration.h"
#include "engine/ops/shape_rules.h"

namespace engine::fake {

namespace {

using Results = std::vector<SymbolicResult>;
using Args = SymbolicArguments;

const Tensor& defined(const Tensor& tensor) {
  if (!tensor.defined()) throw Error("expected a tensor, found an undefined one");
  return tensor;
}

SymbolicResult fresh(SymDims sizes) { return {.sizes = std::move(sizes)}; }

void require_equal(const SymInt& a, const SymInt& b, const char* what) {
  if (!(a == b)) throw Error(fmt::format("{}: sizes {} and {} differ", what, a, b));
}

SymDims broadcast(const Args& args) {
  std::optional<SymDims> sizes;  // not a list without sizes at first: a symbol would be compared with 1
  for (size_t i = 0; i < args.size(); ++i) {
    if (args.schema().arguments[i].is_out() || !args[i].is_tensor() || !args[i].tensor().defined()) continue;
    sizes = sizes ? ops::broadcast_sizes<SymInt>(span_of(*sizes), span_of(args.sizes(i))) : args.sizes(i);
  }
  return sizes.value_or(SymDims());
}
Results pointwise(const Args& args) { return {fresh(broadcast(args))}; }

Results like_first(const Args& args) { return {fresh(args.sizes(0))}; }
Results like_third(const Args& args) { return {fresh(args.sizes(2))}; }

Results reduced(const Args& args) {
  const SymDims sizes = args.sizes(0);
  const std::optional<size_t> dim = args.place("dim"), keep = args.place("keepdim");
  Dims dims;
  if (dim && !args[*dim].is_none()) {
    if (args[*dim].is(ValueTag::integers))
      dims = args[*dim].integers();
    else
      dims = {args[*dim].integer()};
  }
  const SymbolicResult one = fresh(ops::reduced_sizes<SymInt>(
      span_of(sizes), ops::reduced_dims(dims, sizes.size()), keep && args[*keep].boolean()));
  return Results(args.schema().returns.size(), one);
}

Results mm(const Args& args) {
  const SymDims a = args.sizes(0), b = args.sizes(1);
  require_equal(a.at(1), b.at(0), "mm");
  return {fresh({a[0], b.at(1)})};
}
Results bmm(const Args& args) {
  const SymDims a = args.sizes(0), b = args.sizes(1);
  require_equal(a.at(0), b.at(0), "bmm");
  require_equal(a.at(2), b.at(1), "bmm");
  return {fresh({a[0], a.at(1), b.at(2)})};
}
Results mv(const Args& args) {
  const SymDims a = args.sizes(0), b = args.sizes(1);
  require_equal(a.at(1), b.at(0), "mv");
  return {fresh({a[0]})};
}
Results dot(const Args& args) {
  require_equal(args.sizes(0).at(0), args.sizes(1).at(0), "dot");
  return {fresh({})};
}
Results addmm(const Args& args) {
  const SymDims a = args.sizes(1), b = args.sizes(2);
  require_equal(a.at(1), b.at(0), "addmm");
  SymDims product{a[0], b.at(1)};
  ops::expanded_sizes<SymInt>(span_of(args.sizes(0)), span_of(product));
  return {fresh(std::move(product))};
}

Results cat(const Args& args) {
  SymDims sum;
  size_t dim = 0;
  for (const Tensor& tensor : args[0].tensors()) {
    SymDims sizes = sym_sizes(defined(tensor));
    if (sizes.size() == 1 && sizes[0] == SymInt(0)) continue;
    if (sum.empty()) {
      dim = ops::wrapped_dim(args[1].integer(), sizes.size());
      sum = std::move(sizes);
      continue;
    }
    for (size_t d = 0; d < sum.size(); ++d)
      if (d != dim) require_equal(sum[d], sizes.at(d), "cat");
    sum[dim] += sizes.at(dim);
  }
  if (sum.empty()) sum = {SymInt(0)};
  return {fresh(std::move(sum))};
}

Results index_select(const Args& args) {
  SymDims sizes = args.sizes(0);
  if (!sizes.empty()) sizes[ops::wrapped_dim(args[1].integer(), sizes.size())] = sym_count(args.tensor(2));
  return {fresh(std::move(sizes))};
}

Results index(const Args& args) {
  std::vector<std::optional<SymDims>> indices;
  for (const std::optional<Tensor>& each : args[1].optional_tensors())
    indices.push_back(each && each->defined() ? std::optional(sym_sizes(*each)) : std::nullopt);
  const SymDims sizes = args.sizes(0);
  return {fresh(ops::indexed_sizes<SymInt>(span_of(sizes), indices))};
}

Results given_sizes(const Args& args) { return {fresh(args[0].sym_ints())}; }

struct Row {
  std::string_view name;
  Results (*rule)(const Args&);
};
constexpr std::array rows{
    Row{"aten::sum", reduced},
    Row{"aten::mean", reduced},
    Row{"aten::prod", reduced},
    Row{"aten::amax", reduced},
    Row{"aten::amin", reduced},
    Row{"aten::argmax", reduced},
    Row{"aten::argmin", reduced},
    Row{"aten::max", reduced},
    Row{"aten::min", reduced},
    Row{"aten::any", reduced},
    Row{"aten::all", reduced},
    Row{"aten::mm", mm},
    Row{"aten::bmm", bmm},
    Row{"aten::mv", mv},
    Row{"aten::dot", dot},
    Row{"aten::addmm", addmm},
    Row{"aten::cat", cat},
    Row{"aten::clone", like_first},
    Row{"aten::_to_copy", like_first},
    Row{"aten::flip", like_first},
    Row{"aten::cumsum", like_first},
    Row{"aten::_softmax", like_first},
    Row{"aten::zero", like_first},
    Row{"aten::_log_softmax", like_first},
    Row{"aten::fill", like_first},
    Row{"aten::tril", like_first},
    Row{"aten::triu", like_first},
    Row{"aten::zeros_like", like_first},
    Row{"aten::ones_like", like_first},
    Row{"aten::empty_like", like_first},
    Row{"aten::full_like", like_first},
    Row{"aten::scatter_add", like_first},
    Row{"aten::gather", like_third},
    Row{"aten::index_select", index_select},
    Row{"aten::index", index},
    Row{"aten::zeros", given_sizes},
    Row{"aten::ones", given_sizes},
    Row{"aten::full", given_sizes},
    Row{"aten::empty", given_sizes},
};

}  // namespace

const Tensor& SymbolicArguments::tensor(size_t i) const { return defined(values_[i].tensor()); }

SymbolicView SymbolicArguments::view(size_t i) const {
  const Tensor& own = tensor(i);
  return {sym_sizes(own), sym_strides(own), sym_offset(own)};
}

std::optional<size_t> SymbolicArguments::place(std::string_view name) const {
  for (size_t i = 0; i < schema_.arguments.size(); ++i)
    if (schema_.arguments[i].name == name) return i;
  return std::nullopt;
}

std::optional<std::vector<SymbolicResult>> symbolic_results(const Call& call, const SymbolicArguments& args) {
  const ops::OperatorDeclaration* const declared = ops::declared_form(call.entry.name()).declaration;
  if (!declared) return std::nullopt;
  if (call.entry.name() == "aten::copy_") {
    ops::expanded_sizes<SymInt>(span_of(args.sizes(1)), span_of(args.sizes(0)));
    return like_first(args);
  }
  if (declared->kind == ops::OperatorKind::view) return symbolic_views(call.schema(), args);
  if (declared->kind != ops::OperatorKind::structured) return std::nullopt;
  if (declared->pointwise) return pointwise(args);
  std::string_view name = call.schema().name;
  if (name.ends_with('_') && call.schema().is_mutable()) name.remove_suffix(1);
  const auto* const row = std::ranges::find(rows, name, &Row::name);
  if (row == rows.end()) return std::nullopt;
  return row->rule(args);
}

}  // namespace engine::fake
