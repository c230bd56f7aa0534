// Selection by index or position, and concatenation.
#include <algorithm>

#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/indices.h"
#include "oracles/reference/kernels/pointwise.h"

namespace reference {

namespace {

template <class W>
void index_select(Call<W>& call) {
  const Array<W>&self = call.array(0), &index = call.array(2);
  const size_t dim = dimension(call.integer(1), self.rank());
  if (index.dtype != DType::i64 && index.dtype != DType::i32) throw Raises{"the index has the wrong dtype"};
  if (index.rank() > 1) throw Raises{"the index has more than one dimension"};
  check_range(index.integers, self.rank() == 0 ? 1 : self.sizes[dim]);
  if (self.rank() == 0) {
    if (index.count() != 1) throw Unknown{"several elements of a tensor that has one"};
    call.give(Array<W>(self));
    return;
  }
  Dims sizes = self.sizes;
  sizes[dim] = static_cast<int64_t>(index.count());
  std::vector<size_t> at;
  const Dims strides = engine::contiguous_strides(self.sizes);
  for_each_index(sizes, [&](size_t, Dims from) {
    from[dim] = index.integers[static_cast<size_t>(from[dim])];
    at.push_back(static_cast<size_t>(place_of(from, strides)));
  });
  call.give(picked(self, sizes, at));
}

template <class W>
void gather(Call<W>& call) {
  const Array<W>&self = call.array(0), &index = call.array(2);
  const size_t dim = dimension(call.integer(1), self.rank());
  if (index.dtype != DType::i64) throw Raises{"the index has the wrong dtype"};
  if (index.count() == 0) {
    call.give(blank<W>(self.dtype, index.sizes));
    return;
  }
  if (std::max<size_t>(self.rank(), 1) != std::max<size_t>(index.rank(), 1))
    throw Raises{"the index has a different number of dimensions"};
  for (size_t d = 0; d < std::min(self.rank(), index.rank()); ++d)
    if (d != dim && index.sizes[d] > self.sizes[d])
      throw Raises{"the index is larger than the indexed tensor"};
  check_range(index.integers, self.rank() == 0 ? 1 : self.sizes[dim]);
  std::vector<size_t> at;
  Dims strides = engine::contiguous_strides(self.sizes);
  for_each_index(index.sizes, [&](size_t i, Dims from) {
    if (self.rank() == 0) from.clear();
    if (index.rank() == 0 && self.rank() > 0) from = {0};
    if (!from.empty()) from[dim] = index.integers[i];
    at.push_back(static_cast<size_t>(place_of(from, strides)));
  });
  call.give(picked(self, index.sizes, at));
}

// Keeps one triangle of each matrix, including the given diagonal; the rest is zero.
template <class W>
void triangle(Call<W>& call, bool lower) {
  const Array<W>& self = call.array(0);
  if (self.rank() < 2) throw Raises{"the operand is not a matrix"};
  const int64_t diagonal = call.integer(1);
  Array<W> made = blank<W>(self.dtype, self.sizes);
  with_elements<W>(self.dtype, [&]<class T>() {
    for_each_index(self.sizes, [&](size_t i, const Dims& index) {
      // Compared without adding, because the diagonal may be any integer.
      const int64_t above = index.back() - index[index.size() - 2];
      if (lower ? above <= diagonal : above >= diagonal) made.set(i, self.template at<T>(i));
    });
  });
  call.give(std::move(made));
}

// --- concatenation
// Empty 1-d tensors are skipped, whatever the shapes of the others.
template <class W>
bool is_nothing(const Array<W>& array) {
  return array.sizes == Dims{0};
}

template <class W>
Array<W> joined(const std::vector<Array<W>>& arrays, size_t dim, DType dtype) {
  Dims sizes{0};
  bool first = true;
  for (const Array<W>& each : arrays) {
    if (is_nothing(each)) continue;
    if (!first) {
      if (each.rank() != sizes.size()) throw Raises{"the numbers of dimensions differ"};
      for (size_t d = 0; d < sizes.size(); ++d)
        if (d != dim && each.sizes[d] != sizes[d]) throw Raises{"the sizes do not match"};
    }
    const int64_t before = first ? 0 : sizes[dim];
    sizes = each.sizes;
    sizes[dim] += before;
    first = false;
  }
  Array<W> made = blank<W>(dtype, sizes);
  const Dims strides = engine::contiguous_strides(sizes);
  int64_t start = 0;
  for (const Array<W>& each : arrays) {
    if (is_nothing(each)) continue;
    const Array<W> part = cast(each, dtype);
    with_elements<W>(dtype, [&]<class T>() {
      for_each_index(each.sizes, [&](size_t i, Dims index) {
        index[dim] += start;
        made.set(static_cast<size_t>(place_of(index, strides)), part.template at<T>(i));
      });
    });
    start += each.sizes[dim];
  }
  return made;
}

template <class W>
DType dtype_of_all(const std::vector<Array<W>>& arrays) {
  Operands operands;
  for (const Array<W>& each : arrays) operands.add(each.dtype, each.rank());
  return operands.dtype();
}

template <class W>
void cat(Call<W>& call) {
  const std::vector<Array<W>>& arrays = call.arguments[0].arrays;
  if (arrays.empty()) throw Raises{"the list of tensors is empty"};
  size_t rank = 1;
  for (const Array<W>& each : arrays)
    if (each.rank() == 0) throw Raises{"the tensor has no dimensions"};
  for (size_t i = arrays.size(); i-- > 0;)
    if (!is_nothing(arrays[i])) rank = arrays[i].rank();
  call.give(joined(arrays, dimension(call.integer(1), rank), dtype_of_all(arrays)));
}

template <class W>
void stack(Call<W>& call) {
  std::vector<Array<W>> rows = call.arguments[0].arrays;
  if (rows.empty()) throw Raises{"the list of tensors is empty"};
  const Dims sizes = rows.front().sizes;
  const size_t dim = dimension(call.integer(1), sizes.size() + 1);
  for (Array<W>& row : rows) {
    if (row.sizes != sizes) throw Raises{"the sizes differ"};
    row.sizes.insert(row.sizes.begin() + static_cast<std::ptrdiff_t>(dim), 1);
  }
  call.give(joined(rows, dim, dtype_of_all(rows)));
}

}  // namespace

void add_indexing(References& to) {
  to.add({"aten::index_select", "aten::index_select.out"}, [](auto& call) { index_select(call); });
  to.add({"aten::gather", "aten::gather.out"}, [](auto& call) { gather(call); });
  to.add({"aten::tril", "aten::tril_", "aten::tril.out"}, [](auto& call) { triangle(call, true); });
  to.add({"aten::triu", "aten::triu_", "aten::triu.out"}, [](auto& call) { triangle(call, false); });
  to.add({"aten::cat", "aten::cat.out"}, [](auto& call) { cat(call); });
  to.add("aten::stack", [](auto& call) { stack(call); });
}

}  // namespace reference
