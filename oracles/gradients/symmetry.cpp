#include "oracles/gradients/symmetry.h"

#include <algorithm>

#include "engine/core/shape.h"
#include "oracles/compare/element.h"

namespace oracles {

namespace {

// Calls visit(row, column, place, mirrored place) for each element of each matrix of the input.
template <class Visit>
void for_each_entry(const corpora::Input& input, Visit&& visit) {
  const size_t rank = input.sizes.size();
  const int64_t rows = input.sizes[rank - 1], down = input.strides[rank - 2], right = input.strides[rank - 1];
  int64_t index = 0;
  engine::for_each_position(input.sizes, input.strides, input.offset, [&](int64_t position) {
    const int64_t row = index / rows % rows, column = index % rows;
    ++index;
    visit(row, column, static_cast<size_t>(position),
          static_cast<size_t>(position + (column - row) * (down - right)));
  });
}

}  // namespace

bool has_square_matrices(const corpora::Case& c, size_t input) {
  const corpora::Input& view = c.inputs[input];
  const size_t rank = view.sizes.size();
  const engine::DType dtype = c.storages[static_cast<size_t>(view.storage)].dtype;
  const int64_t fewest = engine::is_complex(dtype) ? 1 : 2;  // a Hermitian number is real
  return rank >= 2 && view.sizes[rank - 1] >= fewest && view.sizes[rank - 1] == view.sizes[rank - 2] &&
         is_differentiable(dtype) &&
         std::ranges::count(c.inputs, view.storage, &corpora::Input::storage) == 1;
}

void keep_triangle(const corpora::Case& c, size_t input, Triangle triangle, Point& direction) {
  const corpora::Input& view = c.inputs[input];
  const auto s = static_cast<size_t>(view.storage);
  const auto parts = static_cast<size_t>(components_of(c.storages[s].dtype));
  std::vector<double> kept(direction[s].size());
  for_each_entry(view, [&](int64_t row, int64_t column, size_t place, size_t) {
    if (triangle == Triangle::lower ? row < column : row > column) return;
    for (size_t part = row == column ? 1 : 0; part < parts; ++part)
      kept[place * parts + part] = direction[s][place * parts + part];
  });
  for (std::vector<double>& storage : direction) std::ranges::fill(storage, 0.0);
  direction[s] = std::move(kept);
}

void symmetrise(const corpora::Case& c, size_t input, Point& direction) {
  const corpora::Input& view = c.inputs[input];
  const auto s = static_cast<size_t>(view.storage);
  const auto parts = static_cast<size_t>(components_of(c.storages[s].dtype));
  std::vector<double>& numbers = direction[s];
  for_each_entry(view, [&](int64_t row, int64_t column, size_t place, size_t mirrored) {
    if (row < column) return;
    numbers[mirrored * parts] = numbers[place * parts];
    if (parts == 1) return;
    numbers[mirrored * parts + 1] = -numbers[place * parts + 1];
    if (row == column) numbers[place * parts + 1] = 0;
  });
}

}  // namespace oracles
