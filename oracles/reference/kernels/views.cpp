// Views and permutations. Only the logical result is judged here: elements, sizes and dtype. Other oracles
// judge whether a view shares memory, and its strides and offset.
#include <algorithm>
#include <map>

#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/pointwise.h"

namespace reference {

namespace {

// A strided walk over the row-major elements of argument 0.
struct Walk {
  Dims sizes, strides;
  int64_t offset = 0;
};

template <class W>
Walk whole_walk(const Call<W>& call) {
  const Dims& sizes = call.array(0).sizes;
  return {sizes, engine::contiguous_strides(sizes)};
}

void drop(Walk& walk, size_t d) {
  walk.sizes.erase(walk.sizes.begin() + static_cast<std::ptrdiff_t>(d));
  walk.strides.erase(walk.strides.begin() + static_cast<std::ptrdiff_t>(d));
}

// An operator that only changes the walk: change(call, walk) edits the walk over all elements.
template <class Change>
void view(References& to, std::initializer_list<std::string_view> names, Change change) {
  to.add(names, Reference(
                    [=]<class W>(Call<W>& call) {
                      Walk walk = whole_walk(call);
                      change(call, walk);
                      const std::vector<size_t> at = places(walk.sizes, walk.strides, walk.offset);
                      call.give(picked(call.array(0), walk.sizes, at));
                    },
                    true));
}

// Resolves sizes that may contain one -1.
Dims sized_as(const Dims& wanted, int64_t count) {
  int64_t known = 1, open = 0;
  for (const int64_t size : wanted) {
    if (size < -1) throw Raises{"a size is negative"};
    if (size == -1)
      ++open;
    else if (__builtin_mul_overflow(known, size, &known))
      throw Unknown{"the number of elements overflows"};
  }
  if (open > 1) throw Raises{"more than one size is -1"};
  if (open == 1 && (known == 0 || count % known != 0)) throw Raises{"no size fits the number of elements"};
  if (open == 0 && known != count) throw Raises{"the number of elements differs"};
  Dims sizes = wanted;
  std::replace(sizes.begin(), sizes.end(), int64_t{-1}, open == 1 ? count / known : int64_t{-1});
  return sizes;
}

template <class W>
void reshape(Call<W>& call) {
  Array<W> same = call.array(0);
  same.sizes = sized_as(call.arguments[1].integers, static_cast<int64_t>(same.count()));
  call.give(std::move(same));
}

template <class W>
void expand(const Call<W>& call, Walk& walk) {
  const Dims& wanted = call.arguments[1].integers;
  if (wanted.size() < walk.sizes.size()) throw Raises{"there are fewer sizes than dimensions"};
  const size_t lead = wanted.size() - walk.sizes.size();
  Walk made{wanted, Dims(wanted.size(), 0)};
  for (size_t d = 0; d < wanted.size(); ++d) {
    const bool is_new = d < lead;
    if (wanted[d] < 0 && (is_new || wanted[d] != -1)) throw Raises{"a size is negative"};
    if (is_new) continue;
    const int64_t size = walk.sizes[d - lead];
    if (wanted[d] != -1 && size != 1 && size != wanted[d])
      throw Raises{"an expanded dimension has a size other than 1"};
    if (wanted[d] == -1) made.sizes[d] = size;
    if (size != 1) made.strides[d] = walk.strides[d - lead];
  }
  walk = made;
}

template <class W>
void permute(const Call<W>& call, Walk& walk) {
  const Dims& dims = call.arguments[1].integers;
  if (dims.size() != walk.sizes.size()) throw Raises{"the number of dimensions differs"};
  Walk made;
  std::vector<bool> seen(dims.size());
  for (const int64_t dim : dims) {
    const size_t d = dimension(dim, dims.size());
    if (seen[d]) throw Raises{"a dimension is given twice"};
    seen[d] = true;
    made.sizes.push_back(walk.sizes[d]);
    made.strides.push_back(walk.strides[d]);
  }
  walk = made;
}

void exchange(Walk& walk, size_t a, size_t b) {
  if (walk.sizes.empty()) return;
  std::swap(walk.sizes[a], walk.sizes[b]);
  std::swap(walk.strides[a], walk.strides[b]);
}

template <class W>
void select(const Call<W>& call, Walk& walk) {
  if (walk.sizes.empty()) throw Raises{"a 0-dim tensor cannot be selected from"};
  const size_t d = dimension(call.integer(1), walk.sizes.size());
  const int64_t index = call.integer(2), size = walk.sizes[d];
  if (index >= size || index < -size) throw Raises{"index out of range"};
  walk.offset += (index < 0 ? size + index : index) * walk.strides[d];
  drop(walk, d);
}

template <class W>
void slice(const Call<W>& call, Walk& walk) {
  if (walk.sizes.empty()) throw Raises{"a 0-dim tensor cannot be sliced"};
  const size_t d = dimension(call.integer(1), walk.sizes.size());
  const int64_t size = walk.sizes[d], step = call.integer(4);
  if (step < 1) throw Raises{"the step is not positive"};
  const auto bounded = [&](size_t argument, int64_t otherwise) {
    const int64_t at = call.is_none(argument) ? otherwise : call.integer(argument);
    return std::min(std::max<int64_t>(at < 0 ? at + size : at, 0), size);
  };
  const int64_t first = bounded(2, 0), last = bounded(3, size);
  int64_t count = 0;
  for (int64_t at = first; at < last; ++count) {
    if (at > last - step) {
      ++count;
      break;
    }
    at += step;
  }
  walk.offset += first * walk.strides[d];
  walk.sizes[d] = count;
  if (count > 1) walk.strides[d] *= step;
}

template <class W>
void diagonal(const Call<W>& call, Walk& walk) {
  const size_t a = dimension(call.integer(2), walk.sizes.size());
  const size_t b = dimension(call.integer(3), walk.sizes.size());
  if (a == b) throw Raises{"the diagonal's two dimensions are the same"};
  const int64_t above = call.integer(1);
  int64_t count = 0;
  for (int64_t i = 0; i < walk.sizes[a]; ++i) {
    if (i + above < 0 || i + above >= walk.sizes[b]) continue;
    if (count++ == 0) walk.offset += i * walk.strides[a] + (i + above) * walk.strides[b];
  }
  const int64_t stride = walk.strides[a] + walk.strides[b];
  drop(walk, std::max(a, b));
  drop(walk, std::min(a, b));
  walk.sizes.push_back(count);
  walk.strides.push_back(stride);
}

template <class W>
void flip(const Call<W>& call, Walk& walk) {
  std::vector<bool> flipped(std::max<size_t>(walk.sizes.size(), 1));
  for (const int64_t dim : call.arguments[1].integers) {
    const size_t d = dimension(dim, walk.sizes.size());
    if (flipped[d]) throw Raises{"a dimension is given twice"};
    flipped[d] = true;
    if (walk.sizes.empty() || walk.sizes[d] == 0) continue;
    walk.offset += (walk.sizes[d] - 1) * walk.strides[d];
    walk.strides[d] = -walk.strides[d];
  }
}

// Elements by their positions in memory: positions that argument 0 does not show are unspecified.
template <class W>
void show_memory(Call<W>& call, const Walk& walk) {
  const Array<W>& self = call.array(0);
  const Argument<W>& given = call.arguments[0];
  const std::vector<size_t> seen = places(self.sizes, given.strides, given.offset);
  std::map<size_t, size_t> element_at;
  for (size_t i = 0; i < seen.size(); ++i) element_at.emplace(seen[i], i);
  Result<W>& made = call.give(blank<W>(self.dtype, walk.sizes));
  const std::vector<size_t> wanted = places(walk.sizes, walk.strides, walk.offset);
  with_elements<W>(self.dtype, [&]<class T>() {
    for (size_t i = 0; i < wanted.size(); ++i) {
      const auto found = element_at.find(wanted[i]);
      if (found == element_at.end())
        made.leave_open(i);
      else
        made.values.set(i, self.template at<T>(found->second));
    }
  });
}

template <class W>
void as_strided(Call<W>& call) {
  const Walk walk{call.arguments[1].integers, call.arguments[2].integers,
                  call.is_none(3) ? call.arguments[0].offset : call.integer(3)};
  if (walk.sizes.size() != walk.strides.size()) throw Raises{"sizes and strides differ in length"};
  const auto negative = [](int64_t x) { return x < 0; };
  if (std::any_of(walk.sizes.begin(), walk.sizes.end(), negative) ||
      std::any_of(walk.strides.begin(), walk.strides.end(), negative) || walk.offset < 0)
    throw Raises{"a size, stride or offset is negative"};
  show_memory(call, walk);
}

template <class W>
void resize(Call<W>& call) {
  const Dims& sizes = call.arguments[1].integers;
  for (const int64_t size : sizes)
    if (size < 0) throw Raises{"a size is negative"};
  if (sizes == call.array(0).sizes) {
    call.give(call.array(0));
    return;
  }
  if (!call.is_none(2)) throw Unknown{"the memory format is not contiguous"};
  show_memory(call, {sizes, engine::contiguous_strides(sizes), call.arguments[0].offset});
}

template <class W>
void unbind(Call<W>& call) {
  if (call.array(0).rank() == 0) throw Raises{"a 0-dim tensor cannot be unbound"};
  const Walk all = whole_walk(call);
  const size_t d = dimension(call.integer(1), all.sizes.size());
  for (int64_t i = 0; i < all.sizes[d]; ++i) {
    Walk one = all;
    one.offset += i * all.strides[d];
    drop(one, d);
    call.give(picked(call.array(0), one.sizes, places(one.sizes, one.strides, one.offset)));
  }
}

void add_shapes(References& to) {
  to.add({"aten::view", "aten::reshape"}, [](auto& call) { reshape(call); });
  view(to, {"aten::expand"}, [](const auto& call, Walk& walk) { expand(call, walk); });
  view(to, {"aten::squeeze", "aten::squeeze_"}, [](const auto&, Walk& walk) {
    for (size_t d = walk.sizes.size(); d-- > 0;)
      if (walk.sizes[d] == 1) drop(walk, d);
  });
  view(to, {"aten::squeeze.dim", "aten::squeeze_.dim"}, [](const auto& call, Walk& walk) {
    const size_t d = dimension(call.integer(1), walk.sizes.size());
    if (!walk.sizes.empty() && walk.sizes[d] == 1) drop(walk, d);
  });
  view(to, {"aten::unsqueeze", "aten::unsqueeze_"}, [](const auto& call, Walk& walk) {
    const auto d = static_cast<std::ptrdiff_t>(dimension(call.integer(1), walk.sizes.size() + 1));
    walk.sizes.insert(walk.sizes.begin() + d, 1);
    walk.strides.insert(walk.strides.begin() + d, 0);
  });
  to.add("aten::as_strided", [](auto& call) { as_strided(call); });
  to.add("aten::resize_", Reference([](auto& call) { resize(call); }, true));
}

void add_orders(References& to) {
  view(to, {"aten::transpose.int", "aten::transpose_"}, [](const auto& call, Walk& walk) {
    const size_t rank = walk.sizes.size();
    exchange(walk, dimension(call.integer(1), rank), dimension(call.integer(2), rank));
  });
  view(to, {"aten::t", "aten::t_"}, [](const auto&, Walk& walk) {
    if (walk.sizes.size() > 2) throw Raises{"there are more than two dimensions"};
    if (walk.sizes.size() == 2) exchange(walk, 0, 1);
  });
  view(to, {"aten::permute"}, [](const auto& call, Walk& walk) { permute(call, walk); });
  view(to, {"aten::flip"}, [](const auto& call, Walk& walk) { flip(call, walk); });
}

void add_parts(References& to) {
  view(to, {"aten::select.int"}, [](const auto& call, Walk& walk) { select(call, walk); });
  view(to, {"aten::slice.Tensor"}, [](const auto& call, Walk& walk) { slice(call, walk); });
  view(to, {"aten::diagonal"}, [](const auto& call, Walk& walk) { diagonal(call, walk); });
  to.add("aten::unbind.int", [](auto& call) { unbind(call); });
}

}  // namespace

void add_views(References& to) {
  add_shapes(to);
  add_orders(to);
  add_parts(to);
}

}  // namespace reference
