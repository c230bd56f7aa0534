// Proposes simpler layouts and smaller shapes.
#include <algorithm>
#include <set>

#include "corpora/case/simpler_edit.h"
#include "corpora/case/simpler_passes.h"

namespace corpora {
namespace {

using engine::Dims;

void set_strides(Case& c, size_t i, const Dims& strides) {
  edit::own_storage(c, i);
  edit::relayout(c, i, {c.inputs[i].sizes, strides, edit::all_dimensions(c.inputs[i])});
}

void make_contiguous(Case& c, size_t i) { set_strides(c, i, engine::contiguous_strides(c.inputs[i].sizes)); }

// Removes gaps and the offset, keeps the order of dimensions and expansions.
void make_dense(Case& c, size_t i) {
  set_strides(c, i, edit::dense_strides(c.inputs[i].sizes, c.inputs[i].strides));
}

// Expanded dimensions become outermost in memory.
void make_unexpanded(Case& c, size_t i) {
  Dims like = c.inputs[i].strides;
  const int64_t outermost = like.empty() ? 1 : std::ranges::max(like) + 1;
  std::ranges::replace(like, 0, outermost);
  set_strides(c, i, edit::dense_strides(c.inputs[i].sizes, like));
}

template <class Edit>
void for_all_inputs(Candidates& candidates, Edit&& change) {
  candidates.with([&](Case& c) {
    for (size_t i = 0; i < c.inputs.size(); ++i) change(c, i);
  });
}

template <class Edit>
void for_one_input(Candidates& candidates, size_t i, Edit&& change) {
  candidates.with([&](Case& c) { change(c, i); });
}

bool has_values(const Case& c, size_t i) { return c.storage_of(c.inputs[i]).rule == FillRule::values; }

bool set_sizes(Case& c, size_t i, const Dims& sizes, bool from_end) {
  if (sizes == c.inputs[i].sizes) return false;
  edit::Geometry geometry = edit::resized(c.inputs[i], sizes, edit::all_dimensions(c.inputs[i]));
  geometry.from_end = from_end;
  edit::relayout(c, i, geometry);
  return true;
}

template <class Change>
bool change_sizes(Case& c, Change&& change, bool from_end = false) {
  bool changed = false;
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    Dims sizes = c.inputs[i].sizes;
    for (int64_t& size : sizes) size = change(size);
    changed = set_sizes(c, i, sizes, from_end) || changed;
  }
  return changed;
}

template <class Change>
bool change_integers(Value& value, Change&& change) {
  bool changed = false;
  if (value.kind == ValueKind::integer) {
    const int64_t changed_to = change(value.integer);
    changed = changed_to != value.integer;
    value.integer = changed_to;
  }
  for (Value& element : value.list) changed = change_integers(element, change) || changed;
  return changed;
}

// Changes the sizes of all inputs at once: with the integers in arguments that are also sizes, and without.
template <class Change>
void propose_sizes(Candidates& candidates, Change&& change) {
  candidates.with([&](Case& c) {
    bool mentioned = false;
    for (Call& call : c.calls)
      for (Value& argument : call.arguments) mentioned = change_integers(argument, change) || mentioned;
    return mentioned && change_sizes(c, change);
  });
  candidates.with([&](Case& c) { return change_sizes(c, change); });
  for (size_t i = 0; i < candidates.base().inputs.size(); ++i)
    if (has_values(candidates.base(), i))
      return candidates.with([&](Case& c) { return change_sizes(c, change, true); });
}

bool drop_dimension(Case& c, size_t i, size_t d) {
  const Input& input = c.inputs[i];
  if (d >= input.sizes.size()) return false;
  std::vector<size_t> from = edit::all_dimensions(input);
  from.erase(from.begin() + static_cast<std::ptrdiff_t>(d));
  Dims sizes = input.sizes;
  sizes.erase(sizes.begin() + static_cast<std::ptrdiff_t>(d));
  edit::relayout(c, i, edit::resized(input, sizes, from));
  return true;
}

// Adapts an argument to the removal of dimension d of `rank`: lists with one element per dimension lose that
// of d, and indices of later dimensions decrease by one.
bool adapt_to_dropped(Value& value, size_t d, size_t rank) {
  if (value.kind == ValueKind::integer && value.integer > static_cast<int64_t>(d) &&
      value.integer < static_cast<int64_t>(rank)) {
    --value.integer;
    return true;
  }
  if (value.kind != ValueKind::list || value.list.size() != rank) return false;
  if (std::ranges::any_of(value.list, [](const Value& each) { return each.kind != ValueKind::integer; }))
    return false;
  value.list.erase(value.list.begin() + static_cast<std::ptrdiff_t>(d));
  return true;
}

// Removes dimension d of the inputs of the largest rank, and the dimension that broadcasts with it from the
// others.
void propose_dropping(Candidates& candidates, size_t d, size_t rank) {
  const auto drop = [&](Case& c) {
    bool changed = false;
    for (size_t i = 0; i < c.inputs.size(); ++i) {
      const size_t missing = rank - c.inputs[i].sizes.size();
      if (d >= missing) changed = drop_dimension(c, i, d - missing) || changed;
    }
    return changed;
  };
  candidates.with([&](Case& c) {
    bool mentioned = false;
    for (Call& call : c.calls)
      for (Value& argument : call.arguments) mentioned = adapt_to_dropped(argument, d, rank) || mentioned;
    return mentioned && drop(c);
  });
  candidates.with(drop);
}

void propose_dropping_many(Candidates& candidates) {
  const auto drop_where = [&](auto&& dropped) {
    candidates.with([&](Case& c) {
      bool changed = false;
      for (size_t i = 0; i < c.inputs.size(); ++i)
        for (size_t d = c.inputs[i].sizes.size(); d-- > 0;)
          if (dropped(c.inputs[i], d)) changed = drop_dimension(c, i, d) || changed;
      return changed;
    });
  };
  drop_where([](const Input& input, size_t d) { return d + 1 < input.sizes.size(); });
  drop_where([](const Input& input, size_t d) { return d + 2 < input.sizes.size(); });
  drop_where([](const Input& input, size_t d) { return input.sizes[d] == 1; });
}

size_t largest_rank(const Case& c) {
  size_t rank = 0;
  for (const Input& input : c.inputs) rank = std::max(rank, input.sizes.size());
  return rank;
}

std::vector<int64_t> smaller_sizes(int64_t size) {
  std::vector<int64_t> sizes;
  if (size > 1) sizes.push_back(1);
  if (size > 2) sizes.push_back(2);
  if (size > 4) sizes.push_back(size / 2);
  if (size > 3) sizes.push_back(size - 1);
  return sizes;
}

}  // namespace

void propose_layouts(Candidates& candidates, const Catalog&) {
  const size_t n = candidates.base().inputs.size();
  for_all_inputs(candidates, make_contiguous);
  for_all_inputs(candidates, [](Case& c, size_t i) {
    if (!edit::shares_storage(c, i)) make_contiguous(c, i);
  });
  for_all_inputs(candidates, edit::own_storage);
  for (size_t i = 0; n > 1 && i < n; ++i) {
    for_one_input(candidates, i, make_contiguous);
    for_one_input(candidates, i, edit::own_storage);
  }
  for (size_t i = 0; i < n; ++i) {
    for_one_input(candidates, i, make_unexpanded);
    for_one_input(candidates, i, make_dense);
  }
  candidates.with(edit::trim_storages);
}

void propose_shapes(Candidates& candidates, const Catalog&) {
  constexpr size_t few = 6;
  propose_sizes(candidates, [](int64_t size) { return std::min<int64_t>(size, 1); });
  propose_sizes(candidates, [](int64_t size) { return std::min<int64_t>(size, 2); });
  propose_dropping_many(candidates);
  propose_sizes(candidates, [](int64_t size) { return size > 1 ? (size + 1) / 2 : size; });
  const size_t rank = largest_rank(candidates.base());
  for (size_t d = 0; d < std::min(rank, few); ++d) propose_dropping(candidates, d, rank);
  std::set<int64_t, std::greater<>> sizes;
  for (const Input& input : candidates.base().inputs) sizes.insert(input.sizes.begin(), input.sizes.end());
  size_t done = 0;
  for (int64_t size : sizes) {
    if (size <= 1 || ++done > few) break;
    for (int64_t to : smaller_sizes(size))
      propose_sizes(candidates, [&](int64_t s) { return s == size ? to : s; });
  }
}

void propose_each_shape(Candidates& candidates, const Catalog&) {
  constexpr size_t few = 6;
  const Case& base = candidates.base();
  for (size_t i = 0; i < std::min(base.inputs.size(), few); ++i)
    for (size_t d = 0; d < std::min(base.inputs[i].sizes.size(), few); ++d) {
      if (base.inputs.size() > 1) candidates.with([&](Case& c) { return drop_dimension(c, i, d); });
      for (int64_t to : smaller_sizes(base.inputs[i].sizes[d]))
        for (bool from_end : {false, true})
          if (!from_end || has_values(base, i))
            candidates.with([&](Case& c) {
              Dims sizes = c.inputs[i].sizes;
              sizes[d] = to;
              return set_sizes(c, i, sizes, from_end);
            });
    }
}

}  // namespace corpora
