#include "corpora/case/draw_tensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "corpora/case/draw_shapes.h"
#include "corpora/case/draw_views.h"
#include "corpora/case/image_bits.h"

namespace corpora {
namespace {

using engine::Dims;
using engine::DType;

struct WeightedDType {
  DType dtype;
  uint8_t weight;  // how often it is drawn
};

// The simplest first, since exhausted choices draw the first. The other dtypes follow, with weight 1: few
// kernels accept them.
constexpr WeightedDType usual_dtypes[]{{DType::f32, 32}, {DType::f64, 8},  {DType::i64, 8}, {DType::i32, 4},
                                       {DType::c64, 7},  {DType::b8, 4},   {DType::f16, 5}, {DType::bf16, 5},
                                       {DType::u8, 3},   {DType::c128, 3}, {DType::i8, 2},  {DType::i16, 2}};

constexpr std::array<WeightedDType, engine::dtype_count> drawn_dtypes = [] {
  std::array<WeightedDType, engine::dtype_count> drawn{};
  auto* next = std::ranges::copy(usual_dtypes, drawn.begin()).out;
  for (DType dtype : engine::all_dtypes)
    if (std::ranges::find(usual_dtypes, dtype, &WeightedDType::dtype) == std::end(usual_dtypes))
      *next++ = {dtype, 1};
  return drawn;
}();

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
    if (spec_.fill == Fill::offsets) high_ = std::max<int64_t>(value_of(frame_, spec_.high), 0);
    for (const ExprRange& column : spec_.columns) {
      const int64_t low = value_of(frame_, column.low);
      const int64_t high = value_of(frame_, column.high);
      columns_.emplace_back(low, std::max(low, high));
    }
    numbers_.reserve(static_cast<size_t>(count_));
    switch (spec_.fill) {
      case Fill::ascending:
      case Fill::permutation:
      case Fill::spread:
      case Fill::offsets:
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
    } else if (spec_.fill == Fill::columns) {
      const size_t column = numbers_.size() % static_cast<size_t>(row_);
      const auto& [low, high] = columns_[std::min(column, columns_.size() - 1)];
      add(frame_.choices().between(low, high));
    } else if (spec_.reals) {
      const double step = (spec_.numbers[1] - spec_.numbers[0]) / 64;
      numbers_.push_back(
          of_double(spec_.numbers[0] + step * static_cast<double>(frame_.choices().below(65))));
    } else {
      add(frame_.choices().between(low_, high_));
    }
  }

  void add_row() {
    if (spec_.fill == Fill::permutation) {
      for (int64_t x : draw_permutation(frame_.choices(), static_cast<size_t>(row_))) add(x);
    } else if (spec_.fill == Fill::spread) {
      for (int64_t i = 0; i < row_; ++i) add(row_ == 1 ? low_ : low_ + (high_ - low_) * i / (row_ - 1));
    } else if (spec_.fill == Fill::offsets) {
      std::vector<int64_t> row{0};
      for (int64_t i = 1; i < row_; ++i) row.push_back(frame_.choices().between(0, high_));
      std::ranges::sort(row);
      for (const int64_t x : row) add(x);
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
  std::vector<std::pair<int64_t, int64_t>> columns_;
  std::vector<Number> numbers_;
};

// Whether the fill is explicit values, not a rule.
bool is_explicit(Fill fill) { return fill != Fill::mixed && fill != Fill::rule; }

// Writes the fill's values into the view's elements; the rest of the storage is 0.
void write_values(Frame& frame, const TensorSpec& spec, const Input& view, Storage& storage) {
  const size_t width = engine::size_of(storage.dtype);
  const DType component = engine::component_of(storage.dtype);
  storage.rule = FillRule::values;
  storage.rng_seed = 0;
  storage.bytes.assign(static_cast<size_t>(storage.elements) * width, std::byte{0});
  const std::vector<Number> values = Values(frame, spec, view.sizes).draw();
  size_t next = 0;
  engine::for_each_position(view.sizes, view.strides, view.offset, [&](int64_t position) {
    Number value = values[next++];
    if (component == DType::b8 && !value.is_zero()) value = whole(1);
    write_number(component, value, storage.bytes.data() + static_cast<size_t>(position) * width);
  });
}

// Of a tensor argument drawn before; that of the call if it is not an input.
DType dtype_of_argument(const Frame& frame, std::string_view name) {
  DType dtype = frame.dtype;
  for (size_t i = 0; i < frame.values.size(); ++i)
    if (frame.schema.arguments[i].name == name)
      for_each_tensor(frame.values[i], [&](const TensorRef& ref) {
        if (ref.is_input()) dtype = frame.draft.made.storage_of(frame.draft.made.input_of(ref)).dtype;
      });
  return dtype;
}

DType dtype_for(Frame& frame, const TensorSpec& spec, Use use) {
  if (!spec.dtype_of.empty()) return dtype_of_argument(frame, spec.dtype_of);
  if (spec.dtypes != 0) {
    if ((spec.dtypes & only(frame.dtype)) != 0 && frame.choices().chance(3, 4)) return frame.dtype;
    return draw_dtype(frame.draft.catalog, frame.choices(), spec.dtypes);
  }
  if (spec.component) return engine::component_of(frame.dtype);
  if (frame.mixed_dtypes && frame.choices().chance(use == Use::read ? 2 : 1, 4))
    return draw_dtype(frame.draft.catalog, frame.choices());
  return frame.dtype;
}

Layout layout_for(Frame& frame, const TensorSpec& spec, Use use) {
  if (spec.contiguous) return Layout::contiguous;
  const bool structured = is_explicit(spec.fill) && spec.fill != Fill::between;
  if (spec.disjoint || structured) return Layout::disjoint;
  if (use != Use::read && !frame.choices().chance(1, 24)) return Layout::disjoint;
  return Layout::any;
}

Storage new_storage(Frame& frame, const TensorSpec& spec, DType dtype) {
  Storage storage;
  storage.dtype = dtype;
  storage.rule = spec.fill == Fill::rule ? frame.choices().pick(spec.rules) : draw_rule(frame.choices());
  if (is_random(storage.rule)) storage.rng_seed = 1 + frame.choices().below(1 << 16);
  return storage;
}

// A storage of the case with the dtype and a rule, so that it can grow; -1 if there is none.
int32_t shareable(const Case& c, DType dtype) {
  for (size_t s = c.storages.size(); s-- > 0;)
    if (c.storages[s].dtype == dtype && c.storages[s].rule != FillRule::values)
      return static_cast<int32_t>(s);
  return -1;
}

Value add_input(Frame& frame, Input input, size_t argument) {
  frame.tensors[argument] = input.sizes;
  if (frame.first_tensor < 0) frame.first_tensor = static_cast<int>(argument);
  frame.draft.made.inputs.push_back(std::move(input));
  return Value::of_input(static_cast<int32_t>(frame.draft.made.inputs.size() - 1));
}

Value of_sizes(Frame& frame, Dims sizes, const TensorSpec& spec, Use use, size_t argument) {
  Case& made = frame.draft.made;
  // With the smallest size_cap, a tensor is still too large if the domain requires it: then it may be larger.
  const int64_t factor = frame.draft.size_cap == 1 ? 4 : 1;
  if (engine::element_count(sizes) > factor * frame.draft.limits.elements_max) {
    frame.draft.too_large = true;
    sizes.assign(sizes.size(), 1);
  }
  const DType dtype = dtype_for(frame, spec, use);
  const Layout layout = layout_for(frame, spec, use);
  const bool may_share = layout != Layout::contiguous && spec.fill == Fill::mixed;
  const bool shares = may_share && frame.choices().chance(1, use == Use::read ? 12 : 48);
  View view = draw_view(frame.choices(), sizes, layout);
  Input input{0, std::move(sizes), std::move(view.strides), view.offset};
  input.storage = shares ? shareable(made, dtype) : -1;
  if (input.storage >= 0) {
    Storage& shared = made.storage_of(input);
    shared.elements = std::max(shared.elements, view.elements);
    return add_input(frame, std::move(input), argument);
  }
  Storage storage = new_storage(frame, spec, dtype);
  storage.elements = view.elements;
  if (is_explicit(spec.fill)) write_values(frame, spec, input, storage);
  input.storage = static_cast<int32_t>(made.storages.size());
  made.storages.push_back(std::move(storage));
  return add_input(frame, std::move(input), argument);
}

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

DType draw_dtype(const Catalog& catalog, ChoiceSource& choices, DTypeSet among) {
  among &= catalog.dtypes();
  if (among == 0) among = catalog.dtypes();
  uint64_t total = 0;
  for (const auto& [dtype, weight] : drawn_dtypes)
    if (among & only(dtype)) total += weight;
  uint64_t chosen = choices.below(total);
  for (const auto& [dtype, weight] : drawn_dtypes) {
    if (!(among & only(dtype))) continue;
    if (chosen < weight) return dtype;
    chosen -= weight;
  }
  return DType::f32;
}

Value draw_tensor(Frame& frame, const TensorSpec& spec, Use use, size_t argument) {
  Dims sizes = shape_of(frame, spec.shape);
  return of_sizes(frame, std::move(sizes), spec, use, argument);
}

Value draw_common_tensor(Frame& frame, Use use, size_t argument) {
  static const TensorSpec plain;
  const Dims& common = shape_bound(frame, common_shape);
  Dims sizes = common;
  if (use == Use::out) {
    if (frame.choices().chance(1, 6)) sizes = {0};
  } else if (use == Use::read && frame.first_tensor >= 0) {
    sizes = broadcastable(frame.draft, common);
  }
  return of_sizes(frame, std::move(sizes), plain, use, argument);
}

}  // namespace corpora
