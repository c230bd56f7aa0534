#include "corpora/case/draw_fills.h"

#include <algorithm>
#include <bit>

#include "corpora/case/draw_shapes.h"
#include "corpora/case/image_bits.h"

namespace corpora {
namespace {

using engine::Dims;

Number whole(int64_t value) {
  Number number;
  number.negative = value < 0;
  number.significand = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  return number;
}

Number of_double(double value) { return unpack<engine::Binary64>(std::bit_cast<uint64_t>(value)); }

// The logical values of a tensor, row-major.
class Values {
 public:
  Values(Frame& frame, const TensorSpec& spec, const Dims& sizes)
      : frame_(frame),
        spec_(spec),
        row_(sizes.empty() ? 1 : sizes.back()),
        matrix_rows_(sizes.size() < 2 ? 1 : sizes[sizes.size() - 2]),
        count_(engine::element_count(sizes)) {}

  std::vector<Number> draw() {
    if (spec_.fill == Fill::between || spec_.fill == Fill::spread) {
      low_ = value_of(frame_, spec_.low);
      high_ = std::max(value_of(frame_, spec_.high), low_);
    }
    numbers_.reserve(static_cast<size_t>(count_));
    switch (spec_.fill) {
      case Fill::ascending:
      case Fill::permutation:
      case Fill::spread:
        while (left() > 0) add_row();
        break;
      case Fill::spd:
      case Fill::regular:
      case Fill::lower:
      case Fill::upper:
        while (left() > 0) add_matrix();
        break;
      default:
        while (left() > 0) add_element();
    }
    return std::move(numbers_);
  }

 private:
  int64_t left() const { return count_ - static_cast<int64_t>(numbers_.size()); }
  void add(int64_t value) { numbers_.push_back(whole(value)); }

  void add_element() {
    if (spec_.fill == Fill::listed) {
      numbers_.push_back(of_double(spec_.numbers[numbers_.size() % spec_.numbers.size()]));
    } else {
      add(frame_.choices().between(low_, high_));
    }
  }

  void add_row() {
    if (spec_.fill == Fill::permutation) {
      for (int64_t x : draw_permutation(frame_.choices(), static_cast<size_t>(row_))) add(x);
    } else if (spec_.fill == Fill::spread) {
      for (int64_t i = 0; i < row_; ++i) add(row_ == 1 ? low_ : low_ + (high_ - low_) * i / (row_ - 1));
    } else {
      int64_t value = frame_.choices().between(-3, 1);
      for (int64_t i = 0; i < row_; ++i) {
        add(value);
        value += frame_.choices().between(0, 2);
      }
    }
  }

  // Small whole numbers, and a larger one on the diagonal.
  void add_matrix() {
    const int64_t rows = matrix_rows_, columns = row_;
    const auto at = [&](int64_t r, int64_t c) { return static_cast<size_t>(r * columns + c); };
    std::vector<int64_t> matrix(static_cast<size_t>(rows * columns));
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = 0; c < columns; ++c) {
        const bool above = c > r, below = c < r;
        int64_t value = frame_.choices().between(-1, 1);
        if (r == c) value = 1 + std::max(rows, columns);
        if ((spec_.fill == Fill::lower && above) || (spec_.fill == Fill::upper && below)) value = 0;
        if (spec_.fill == Fill::spd && below && r < columns && c < rows) value = matrix[at(c, r)];
        matrix[at(r, c)] = value;
      }
    for (int64_t value : matrix) add(value);
  }

  Frame& frame_;
  const TensorSpec& spec_;
  int64_t row_, matrix_rows_, count_;
  int64_t low_ = 0, high_ = 0;
  std::vector<Number> numbers_;
};

}  // namespace

FillRule draw_rule(ChoiceSource& choices) {
  const uint64_t way = choices.below(64);
  if (way < 20) return FillRule::integers;
  if (way < 38) return FillRule::dyadic;
  if (way < 44) return FillRule::normal;
  if (way < 49) return FillRule::positive;
  if (way < 52) return FillRule::unit;
  if (way < 58) return FillRule::wild;
  if (way < 60) return FillRule::iota;
  return way < 62 ? FillRule::zeros : FillRule::ones;
}

bool is_explicit(Fill fill) { return fill != Fill::mixed && fill != Fill::rule; }

void write_values(Frame& frame, const TensorSpec& spec, const Input& view, Storage& storage) {
  const size_t width = engine::size_of(storage.dtype);
  const engine::DType component = engine::component_of(storage.dtype);
  storage.rule = FillRule::values;
  storage.rng_seed = 0;
  storage.bytes.assign(static_cast<size_t>(storage.elements) * width, std::byte{0});
  const std::vector<Number> values = Values(frame, spec, view.sizes).draw();
  size_t next = 0;
  engine::for_each_position(view.sizes, view.strides, view.offset, [&](int64_t position) {
    Number value = values[next++];
    if (component == engine::DType::b8 && !value.is_zero()) value = whole(1);
    write_number(component, value, storage.bytes.data() + static_cast<size_t>(position) * width);
  });
}

}  // namespace corpora
