#include "engine/fake/shapes/symbolic_views.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/error.h"
#include "engine/ops/shape_rules.h"

namespace engine::fake {

namespace {

using Args = SymbolicArguments;
using View = SymbolicView;

size_t dim_of(const Args& args, size_t place, size_t rank) {
  return ops::wrapped_dim(args[place].integer(), rank);
}

void erase(View& view, size_t d) {
  view.sizes.erase(view.sizes.begin() + static_cast<std::ptrdiff_t>(d));
  view.strides.erase(view.strides.begin() + static_cast<std::ptrdiff_t>(d));
}

void alias(View&, const Args&) {}

void viewed(View& view, const Args& args) {
  SymInt count = 1;
  for (const SymInt& size : view.sizes) count *= size;
  const SymDims wanted = ops::inferred_sizes<SymInt>(span_of(args[1].sym_ints()), count);
  const auto strides =
      ops::viewed_strides_of<SymInt>(span_of(view.sizes), span_of(view.strides), span_of(wanted));
  if (!strides) throw Error("view size is not compatible with input tensor's size and stride");
  view.sizes = wanted;
  view.strides = *strides;
}

void expanded(View& view, const Args& args) {
  const SymDims sizes = ops::expanded_sizes<SymInt>(span_of(view.sizes), span_of(args[1].sym_ints()));
  const size_t lead = sizes.size() - view.sizes.size();
  SymDims strides(sizes.size(), 0);
  for (size_t d = sizes.size(); d-- > 0;) {
    if (d >= lead && view.sizes[d - lead] == sizes[d])
      strides[d] = view.strides[d - lead];
    else if (d < lead && sizes[d] == SymInt(1))
      strides[d] = d + 1 < sizes.size() ? sizes[d + 1] * strides[d + 1] : SymInt(1);
  }
  view.sizes = sizes;
  view.strides = std::move(strides);
}

void swap_dims(View& view, size_t a, size_t b) {
  if (view.sizes.empty()) return;
  std::swap(view.sizes[a], view.sizes[b]);
  std::swap(view.strides[a], view.strides[b]);
}
void transposed(View& view, const Args& args) {
  const size_t rank = view.sizes.size();
  swap_dims(view, dim_of(args, 1, rank), dim_of(args, 2, rank));
}
void t(View& view, const Args&) {
  if (view.sizes.size() == 2) swap_dims(view, 0, 1);
}

void permuted(View& view, const Args& args) {
  const View from = view;
  const Dims& dims = args[1].integers();
  if (dims.size() != from.sizes.size()) throw Error("permute(): the number of dimensions differs");
  for (size_t i = 0; i < dims.size(); ++i) {
    const size_t d = ops::wrapped_dim(dims[i], dims.size());
    view.sizes[i] = from.sizes[d];
    view.strides[i] = from.strides[d];
  }
}

void selected(View& view, const Args& args) {
  const size_t d = dim_of(args, 1, view.sizes.size());
  if (view.sizes.empty()) throw Error("select() cannot be applied to a 0-dim tensor.", ErrorKind::index);
  const SymInt index = args[2].sym_int(), size = view.sizes[d];
  if (index < SymInt(0) - size || index >= size)
    throw Error(fmt::format("select(): index {} out of range for size {}", index, size), ErrorKind::index);
  view.offset += (index < SymInt(0) ? index + size : index) * view.strides[d];
  erase(view, d);
}

// An end, a step or an offset far beyond every size means the same as one just beyond.
SymInt within_sizes(const Value& given) {
  constexpr int64_t beyond = int64_t{1} << 41;  // the largest size is half of it
  const SymInt number = given.sym_int();
  return number.is_symbol() ? number : SymInt(std::clamp(number.hint(), -beyond, beyond));
}

void diagonal(View& view, const Args& args) {
  const size_t rank = view.sizes.size(), a = dim_of(args, 2, rank), b = dim_of(args, 3, rank);
  if (a == b) throw Error("diagonal dimensions cannot be identical");
  const SymInt offset = within_sizes(args[1]);
  const bool above = offset >= SymInt(0);
  const SymInt size =
      above ? min(view.sizes[a], view.sizes[b] - offset) : min(view.sizes[a] + offset, view.sizes[b]);
  const bool any = size > SymInt(0);
  if (any) view.offset += above ? offset * view.strides[b] : (SymInt(0) - offset) * view.strides[a];
  const SymInt stride = view.strides[a] + view.strides[b];
  for (const size_t d : {std::max(a, b), std::min(a, b)}) erase(view, d);
  view.sizes.push_back(any ? size : SymInt(0));
  view.strides.push_back(stride);
}

void sliced(View& view, const Args& args) {
  const size_t d = dim_of(args, 1, view.sizes.size());
  if (view.sizes.empty()) throw Error("slice() cannot be applied to a 0-dim tensor.");
  const SymInt size = view.sizes[d], step = within_sizes(args[4]);
  if (step <= SymInt(0)) throw Error("slice step must be positive");
  const auto clamped = [&](const SymInt& given) {
    const SymInt at = given < SymInt(0) ? given + size : given;
    if (at < SymInt(0)) return SymInt(0);
    return at > size ? size : at;
  };
  const SymInt start = clamped(args[2].is_none() ? SymInt(0) : within_sizes(args[2]));
  const SymInt limit = args[3].is_none() ? size : clamped(within_sizes(args[3]));
  const SymInt end = limit < start ? start : limit;
  view.offset += start * view.strides[d];
  view.sizes[d] = (end - start + step - SymInt(1)) / step;
  if (step <= size || step == SymInt(1)) view.strides[d] *= step;
}

void squeezed(View& view, const Args&) {
  for (size_t d = view.sizes.size(); d-- > 0;)
    if (view.sizes[d] == SymInt(1)) erase(view, d);
}
void squeezed_dim(View& view, const Args& args) {
  const size_t d = dim_of(args, 1, view.sizes.size());
  if (!view.sizes.empty() && view.sizes[d] == SymInt(1)) erase(view, d);
}
void unsqueezed(View& view, const Args& args) {
  const size_t d = dim_of(args, 1, view.sizes.size() + 1);
  const SymInt stride = d < view.sizes.size() ? view.sizes[d] * view.strides[d] : SymInt(1);
  view.sizes.insert(view.sizes.begin() + static_cast<std::ptrdiff_t>(d), SymInt(1));
  view.strides.insert(view.strides.begin() + static_cast<std::ptrdiff_t>(d), stride);
}

void as_real(View& view, const Args&) {
  for (SymInt& stride : view.strides) stride *= SymInt(2);
  view.offset *= SymInt(2);
  view.sizes.emplace_back(2);
  view.strides.emplace_back(1);
}

struct ViewRow {
  std::string_view name, overload;
  void (*rule)(View&, const Args&);
};
constexpr std::array view_rows{
    ViewRow{"aten::view", "", viewed},
    ViewRow{"aten::expand", "", expanded},
    ViewRow{"aten::transpose", "int", transposed},
    ViewRow{"aten::t", "", t},
    ViewRow{"aten::permute", "", permuted},
    ViewRow{"aten::select", "int", selected},
    ViewRow{"aten::slice", "Tensor", sliced},
    ViewRow{"aten::squeeze", "", squeezed},
    ViewRow{"aten::squeeze", "dim", squeezed_dim},
    ViewRow{"aten::unsqueeze", "", unsqueezed},
    ViewRow{"aten::diagonal", "", diagonal},
    ViewRow{"aten::alias", "", alias},
    ViewRow{"aten::detach", "", alias},
    ViewRow{"aten::_conj", "", alias},
    ViewRow{"aten::_neg_view", "", alias},
    ViewRow{"aten::view_as_real", "", as_real},
};

SymbolicResult result_of(View view) {
  return {std::move(view.sizes), true, std::move(view.strides), std::move(view.offset)};
}

// The number of results is that of the case at hand.
std::vector<SymbolicResult> unbound(const Args& args) {
  const View all = args.view(0);
  if (all.sizes.empty()) throw Error("unbind: the tensor has no dimensions", ErrorKind::index);
  const size_t d = dim_of(args, 1, all.sizes.size());
  const int64_t count = all.sizes[d].specialized();
  std::vector<SymbolicResult> results;
  for (int64_t i = 0; i < count; ++i) {
    View one = all;
    one.offset += SymInt(i) * all.strides[d];
    erase(one, d);
    results.push_back(result_of(std::move(one)));
  }
  return results;
}

}  // namespace

std::optional<std::vector<SymbolicResult>> symbolic_views(const Schema& schema,
                                                          const SymbolicArguments& args) {
  if (schema.is_mutable()) return std::nullopt;
  if (schema.name == "aten::unbind") return unbound(args);
  const auto* const row = std::ranges::find_if(view_rows, [&](const ViewRow& each) {
    return each.name == schema.name && each.overload == schema.overload;
  });
  if (row == view_rows.end()) return std::nullopt;
  View view = args.view(0);
  row->rule(view, args);
  return std::vector{result_of(std::move(view))};
}

}  // namespace engine::fake
