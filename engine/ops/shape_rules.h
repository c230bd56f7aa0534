// Shape rules: sizes of results from sizes of operands. Templates over the integer: int64_t, or SymInt. They
// compare, add, multiply and divide integers, and nothing else. Refuses sizes that do not fit, with PyTorch's
// messages and kinds of error.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/shape.h"
#include "engine/core/sym_int.h"

namespace engine::ops {

template <class Int>
using Sizes = SmallVector<Int, 5>;
template <class Int>
using SizesView = std::conditional_t<std::is_same_v<Int, int64_t>, IntSpan, std::span<const Int>>;

template <class Int>
std::string sizes_text(SizesView<Int> sizes) {
  std::string text = "[";
  for (size_t d = 0; d < sizes.size(); ++d) text += fmt::format("{}{}", d ? ", " : "", sizes[d]);
  return text + "]";
}

// A dimension given from the start or the end; a 0-dim tensor counts as having one.
inline size_t wrapped_dim(int64_t dim, size_t rank) {
  const auto n = static_cast<int64_t>(std::max<size_t>(rank, 1));
  if (dim < -n || dim >= n)
    throw Error(fmt::format("Dimension out of range (expected to be in range of [{}, {}], but got {})", -n,
                            n - 1, dim),
                ErrorKind::index);
  return static_cast<size_t>(dim < 0 ? dim + n : dim);
}

template <class Int>
Sizes<Int> broadcast_sizes(SizesView<Int> a, SizesView<Int> b) {
  const size_t rank = std::max(a.size(), b.size());
  Sizes<Int> sizes(rank, Int(1));
  for (size_t d = 0; d < rank; ++d) {
    const Int& one = d < a.size() ? a[a.size() - 1 - d] : Int(1);
    const Int& two = d < b.size() ? b[b.size() - 1 - d] : Int(1);
    const bool same = one == two;
    if (!same && !(one == Int(1)) && !(two == Int(1)))
      throw Error(fmt::format(
          "The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}", one,
          two, rank - 1 - d));
    sizes[rank - 1 - d] = same || !(one == Int(1)) ? one : two;
  }
  return sizes;
}

// Row-major; a dimension of size 0 counts as 1.
template <class Int>
Sizes<Int> contiguous_strides_of(SizesView<Int> sizes) {
  if constexpr (std::is_same_v<Int, int64_t>) return contiguous_strides(sizes);  // saturates
  using std::max;                                                                // or that of SymInt
  Sizes<Int> strides(sizes.size());
  Int step(1);
  for (size_t d = sizes.size(); d-- > 0;) {
    strides[d] = step;
    if (d > 0) step *= max(sizes[d], Int(1));
  }
  return strides;
}

// The dimensions that a reduction folds: all for an empty list. Refuses duplicates.
inline std::vector<bool> reduced_dims(IntSpan dims, size_t rank) {
  std::vector<bool> reduced(rank, dims.empty());
  std::vector<bool> named(std::max<size_t>(rank, 1), false);
  for (const int64_t dim : dims) {
    const size_t d = wrapped_dim(dim, rank);
    if (named[d]) throw Error(fmt::format("dim {} appears multiple times in the list of dims", d));
    named[d] = true;
    if (d < rank) reduced[d] = true;
  }
  return reduced;
}

// Indexing by one tensor or none for each leading dimension.
template <class Int>
struct IndexLayout {
  Sizes<Int> chosen = {};  // the sizes that the indices broadcast to
  size_t place = 0;        // where they begin among the result's dimensions
};

// `indices` has the sizes of the index of each dimension of the indexed tensor.
template <class Int>
IndexLayout<Int> index_layout(std::span<const std::optional<Sizes<Int>>> indices) {
  IndexLayout<Int> layout;
  size_t runs = 0;
  bool any = false;  // a symbol of the first index is not compared with 1
  for (size_t d = 0; d < indices.size(); ++d) {
    if (!indices[d]) continue;
    const std::span<const Int> sizes(indices[d]->data(), indices[d]->size());
    const std::span<const Int> others(layout.chosen.data(), layout.chosen.size());
    layout.chosen = any ? broadcast_sizes<Int>(others, sizes) : *indices[d];
    any = true;
    if (d > 0 && indices[d - 1]) continue;
    ++runs;
    layout.place = d;
  }
  if (runs > 1) layout.place = 0;
  return layout;
}

template <class Int>
Sizes<Int> indexed_sizes(std::span<const Int> self, std::span<const std::optional<Sizes<Int>>> indices) {
  const IndexLayout<Int> layout = index_layout<Int>(indices);
  Sizes<Int> sizes;
  for (size_t d = 0; d < self.size(); ++d)
    if (d >= indices.size() || !indices[d]) sizes.push_back(self[d]);
  sizes.insert(sizes.begin() + static_cast<std::ptrdiff_t>(layout.place), layout.chosen.begin(),
               layout.chosen.end());
  return sizes;
}

// Refuses an index outside of [0, size).
inline void check_index(int64_t index, size_t dim, int64_t size) {
  if (index < 0 || index >= size)
    throw Error(fmt::format("index {} is out of bounds for dimension {} with size {}", index, dim, size),
                ErrorKind::index);
}

template <class Int>
Sizes<Int> reduced_sizes(SizesView<Int> sizes, const std::vector<bool>& reduced, bool keepdim) {
  Sizes<Int> left;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (!reduced[d])
      left.push_back(sizes[d]);
    else if (keepdim)
      left.push_back(Int(1));
  }
  return left;
}

// The sizes of a view. One of them may be -1: it is inferred from the count of elements.
template <class Int>
Sizes<Int> inferred_sizes(SizesView<Int> wanted, const Int& count) {
  Sizes<Int> sizes(wanted.begin(), wanted.end());
  const auto invalid = [&] {
    return Error(fmt::format("shape '{}' is invalid for input of size {}", sizes_text<Int>(wanted), count));
  };
  Int product(1);
  size_t open = sizes.size();
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (sizes[d] == Int(-1)) {
      if (open != sizes.size()) throw Error("only one dimension can be inferred");
      open = d;
    } else if (sizes[d] < Int(0)) {
      throw Error(fmt::format("invalid shape dimension {}", sizes[d]));
    } else {
      product = product * sizes[d];
    }
  }
  if (open == sizes.size()) {
    if (!(product == count)) throw invalid();
    return sizes;
  }
  if (product == Int(0) && count == Int(0))
    throw Error(
        fmt::format("cannot reshape tensor of 0 elements into shape {} because the unspecified "
                    "dimension size -1 can be any value and is ambiguous",
                    sizes_text<Int>(wanted)));
  if (product == Int(0)) throw invalid();
  const Int rest = count / product;
  if (!(rest * product == count)) throw invalid();
  sizes[open] = rest;
  return sizes;
}

template <class Int>
Sizes<Int> expanded_sizes(SizesView<Int> sizes, SizesView<Int> wanted) {
  if (wanted.size() < sizes.size())
    throw Error(
        fmt::format("expand: the number of sizes provided ({}) must be greater or equal to the number "
                    "of dimensions in the tensor ({})",
                    wanted.size(), sizes.size()));
  const size_t lead = wanted.size() - sizes.size();
  Sizes<Int> result(wanted.begin(), wanted.end());
  for (size_t d = 0; d < wanted.size(); ++d) {
    if (wanted[d] == Int(-1)) {
      if (d < lead)
        throw Error(
            fmt::format("The expanded size of the tensor (-1) isn't allowed in a leading, "
                        "non-existing dimension {}",
                        d));
      result[d] = sizes[d - lead];
    } else if (wanted[d] < Int(0)) {
      throw Error(fmt::format("expand: a size is negative: {}", wanted[d]));
    } else if (d >= lead && !(sizes[d - lead] == Int(1)) && !(sizes[d - lead] == wanted[d])) {
      throw Error(
          fmt::format("The expanded size of the tensor ({}) must match the existing size ({}) at "
                      "non-singleton dimension {}",
                      wanted[d], sizes[d - lead], d));
    }
  }
  return result;
}

// The strides of a view of the same elements in different sizes; nothing if it needs a copy.
template <class Int>
std::optional<Sizes<Int>> viewed_strides_of(SizesView<Int> sizes, SizesView<Int> strides,
                                            SizesView<Int> wanted) {
  for (const Int& size : sizes) {
    if (!(size == Int(0))) continue;
    if (std::equal(sizes.begin(), sizes.end(), wanted.begin(), wanted.end()))
      return Sizes<Int>(strides.begin(), strides.end());
    return contiguous_strides_of<Int>(wanted);
  }
  Sizes<Int> result(wanted.size(), Int(1));
  size_t view = wanted.size();
  // Chunks are dimensions that are contiguous in memory, innermost first. Each holds whole wanted dimensions.
  Int chunk_base = sizes.empty() ? Int(1) : strides.back();
  Int chunk = 1, taken = 1;
  for (size_t d = sizes.size(); d-- > 0;) {
    chunk *= sizes[d];
    const bool ends = d == 0 || (!(sizes[d - 1] == Int(1)) && !(strides[d - 1] == chunk * chunk_base));
    if (!ends) continue;
    while (view > 0 && (taken < chunk || wanted[view - 1] == Int(1))) {
      result[view - 1] = taken * chunk_base;
      taken *= wanted[view - 1];
      --view;
    }
    if (!(taken == chunk)) return std::nullopt;
    if (d > 0) {
      chunk_base = strides[d - 1];
      chunk = taken = Int(1);
    }
  }
  if (view > 0 && !sizes.empty()) return std::nullopt;
  return result;
}

}  // namespace engine::ops
