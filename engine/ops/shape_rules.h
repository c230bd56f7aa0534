// Shape rules: sizes of results from sizes of operands. Templates over the integer: int64 today, a symbol
// later; an integer is compared, added and multiplied, and nothing else. Refuses what does not fit with the
// messages and the kinds of error that PyTorch has.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/int_span.h"

namespace engine::ops {

template <class Int>
using Sizes = SmallVector<Int, 5>;
template <class Int>
using SizesView = std::conditional_t<std::is_same_v<Int, int64_t>, IntSpan, std::span<const Int>>;

template <class Int>
std::string sizes_text(SizesView<Int> sizes) {
  std::string text = "[";
  for (size_t d = 0; d < sizes.size(); ++d) text += (d ? ", " : "") + std::to_string(sizes[d]);
  return text + "]";
}

// A dimension that may count from the end; a 0-dim tensor has one to speak of.
inline size_t wrapped_dim(int64_t dim, size_t rank) {
  const auto n = static_cast<int64_t>(std::max<size_t>(rank, 1));
  if (dim < -n || dim >= n)
    throw Error("Dimension out of range (expected to be in range of [" + std::to_string(-n) + ", " +
                    std::to_string(n - 1) + "], but got " + std::to_string(dim) + ")",
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
    if (!(one == two) && !(one == Int(1)) && !(two == Int(1)))
      throw Error("The size of tensor a (" + std::to_string(one) + ") must match the size of tensor b (" +
                  std::to_string(two) + ") at non-singleton dimension " + std::to_string(rank - 1 - d));
    sizes[rank - 1 - d] = one == Int(1) ? two : one;
  }
  return sizes;
}

// Which dimensions a reduction folds: all for an empty list. Refuses one that is named twice.
inline std::vector<bool> reduced_dims(IntSpan dims, size_t rank) {
  std::vector<bool> reduced(rank, dims.empty());
  std::vector<bool> named(std::max<size_t>(rank, 1), false);
  for (const int64_t dim : dims) {
    const size_t d = wrapped_dim(dim, rank);
    if (named[d]) throw Error("dim " + std::to_string(d) + " appears multiple times in the list of dims");
    named[d] = true;
    if (d < rank) reduced[d] = true;
  }
  return reduced;
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

// The sizes of a view with one size perhaps -1, to be worked out.
template <class Int>
Sizes<Int> inferred_sizes(SizesView<Int> wanted, const Int& count) {
  Sizes<Int> sizes(wanted.begin(), wanted.end());
  const auto fault = [&](const std::string& why) {
    return Error("shape '" + sizes_text<Int>(wanted) + "' is invalid for input of size " +
                 std::to_string(count) + why);
  };
  Int product(1);
  size_t open = sizes.size();
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (sizes[d] == Int(-1)) {
      if (open != sizes.size()) throw Error("only one dimension can be inferred");
      open = d;
    } else if (sizes[d] < Int(0)) {
      throw Error("invalid shape dimension " + std::to_string(sizes[d]));
    } else {
      product = product * sizes[d];
    }
  }
  if (open == sizes.size()) {
    if (!(product == count)) throw fault("");
    return sizes;
  }
  if (product == Int(0)) {
    if (count == Int(0))
      throw Error("cannot reshape tensor of 0 elements into shape " + sizes_text<Int>(wanted) +
                  " because the unspecified dimension size -1 can be any value and is ambiguous");
    throw fault("");
  }
  const Int rest = count / product;
  if (!(rest * product == count)) throw fault("");
  sizes[open] = rest;
  return sizes;
}

template <class Int>
Sizes<Int> expanded_sizes(SizesView<Int> sizes, SizesView<Int> wanted) {
  if (wanted.size() < sizes.size())
    throw Error("expand: the number of sizes provided (" + std::to_string(wanted.size()) +
                ") must be greater or equal to the number of dimensions in the tensor (" +
                std::to_string(sizes.size()) + ")");
  const size_t lead = wanted.size() - sizes.size();
  Sizes<Int> result(wanted.begin(), wanted.end());
  for (size_t d = 0; d < wanted.size(); ++d) {
    if (wanted[d] == Int(-1)) {
      if (d < lead)
        throw Error(
            "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension " +
            std::to_string(d));
      result[d] = sizes[d - lead];
    } else if (wanted[d] < Int(0)) {
      throw Error("expand: a size is negative: " + std::to_string(wanted[d]));
    } else if (d >= lead && !(sizes[d - lead] == Int(1)) && !(sizes[d - lead] == wanted[d])) {
      throw Error("The expanded size of the tensor (" + std::to_string(wanted[d]) +
                  ") must match the existing size (" + std::to_string(sizes[d - lead]) +
                  ") at non-singleton dimension " + std::to_string(d));
    }
  }
  return result;
}

}  // namespace engine::ops
