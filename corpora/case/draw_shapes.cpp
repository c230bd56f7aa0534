#include "corpora/case/draw_shapes.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace corpora {
namespace {

using engine::Dims;

// All are equally likely. The first, the simplest, is drawn when choices are exhausted. 40 is more than
// kernels process at once: a tile of a product, a warp.
constexpr std::array<int8_t, 64> drawn_sizes{
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,  3,
    3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 6, 6, 7, 1, 1, 1, 1, 1, 1, 40, 0};
constexpr std::array<int8_t, 32> drawn_ranks{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3,
                                             3, 3, 3, 3, 1, 1, 1, 1, 1, 4, 4, 4, 5, 5, 0, 0};

// A size that no domain decides.
int64_t draw_size(Draft& draft) { return std::min<int64_t>(draft.choices.pick(drawn_sizes), draft.size_cap); }

// A shape that no domain decides.
Dims draw_shape(Draft& draft) {
  const auto rank = static_cast<size_t>(draft.choices.pick(drawn_ranks));
  Dims shape(rank);
  if (rank == 1) shape[0] = draft.choices.between(0, 8);  // more elements, as many as a small matrix
  int64_t room = draft.limits.elements_max;
  for (int64_t& size : shape) {
    size += draw_size(draft);
    size = std::min(size, std::max<int64_t>(room, 1));
    room /= std::max<int64_t>(size, 1);
  }
  return shape;
}

size_t wrapped(int64_t dim, size_t rank) {
  const auto count = static_cast<int64_t>(rank);
  if (dim < 0) dim += count;
  return static_cast<size_t>(std::clamp<int64_t>(dim, 0, std::max<int64_t>(count - 1, 0)));
}

Dims sizes_of_argument(const Frame& frame, const std::string& name) {
  for (size_t i = 0; i < frame.schema.arguments.size(); ++i)
    if (frame.schema.arguments[i].name == name && frame.tensors[i]) return *frame.tensors[i];
  return {};
}

Dims operand_shape(Frame& frame, const Expr& expr) {
  return expr.symbol >= 0 ? shape_bound(frame, expr.symbol) : sizes_of_argument(frame, expr.argument);
}

int64_t size_bound(Frame& frame, int32_t symbol) {
  const auto at = static_cast<size_t>(symbol);
  if (frame.sizes[at]) return *frame.sizes[at];
  const Spec* let = frame.size_lets[at];
  frame.size_lets[at] = nullptr;  // so that a symbol defined by itself does not recur without end
  const int64_t size = let ? draw_integer(frame, *let) : draw_size(frame.draft);
  if (!frame.sizes[at]) frame.sizes[at] = size;
  return *frame.sizes[at];
}

int64_t combined(Expr::Kind kind, int64_t left, int64_t right) {
  // Sizes are small, so that clamping to bounds far beyond them changes nothing.
  constexpr int64_t far = int64_t{1} << 30;
  left = std::clamp(left, -far, far);
  right = std::clamp(right, -far, far);
  switch (kind) {
    case Expr::Kind::add:
      return left + right;
    case Expr::Kind::subtract:
      return left - right;
    case Expr::Kind::multiply:
      return left * right;
    case Expr::Kind::divide:
      return right == 0 ? 0 : left / right;
    case Expr::Kind::minimum:
      return std::min(left, right);
    default:
      return std::max(left, right);
  }
}

bool is_present(Frame& frame, int32_t symbol) {
  auto& known = frame.present[static_cast<size_t>(symbol)];
  if (!known) known = !frame.choices().chance(1, 3);
  return *known;
}

const Value* argument_named(const Frame& frame, std::string_view name) {
  for (size_t i = 0; i < frame.values.size(); ++i)
    if (frame.schema.arguments[i].name == name) return &frame.values[i];
  return nullptr;
}

// The shape after a reduction over the call's own `dim`.
Dims reduced(const Frame& frame, const Dims& shape) {
  const Value* dim = argument_named(frame, "dim");
  const Value* keepdim = argument_named(frame, "keepdim");
  const bool keeps = keepdim && keepdim->integer != 0;
  std::vector<bool> gone(shape.size(), !dim || dim->kind == ValueKind::none ||
                                           (dim->kind == ValueKind::list && dim->list.empty()));
  if (dim && !shape.empty()) {
    if (dim->kind == ValueKind::integer) gone[wrapped(dim->integer, shape.size())] = true;
    for (const Value& one : dim->list) gone[wrapped(one.integer, shape.size())] = true;
  }
  Dims left;
  for (size_t d = 0; d < shape.size(); ++d) {
    if (!gone[d]) {
      left.push_back(shape[d]);
    } else if (keeps) {
      left.push_back(1);
    }
  }
  return left;
}

void append(Dims& to, const Dims& more) { to.insert(to.end(), more.begin(), more.end()); }

void append_edited(Frame& frame, const ShapeTerm& term, Dims& to) {
  Dims shape = shape_bound(frame, term.symbol);
  const int64_t dimension = value_of(frame, term.dimension);
  const bool inserts = term.kind == ShapeTerm::Kind::insert;
  const size_t at = wrapped(dimension, shape.size() + (inserts ? 1 : 0));
  const auto position = shape.begin() + static_cast<std::ptrdiff_t>(at);
  if (inserts) {
    shape.insert(position, std::max<int64_t>(value_of(frame, term.size), 0));
  } else if (!shape.empty() && term.kind == ShapeTerm::Kind::without) {
    shape.erase(position);
  } else if (!shape.empty()) {
    *position = std::max<int64_t>(value_of(frame, term.size), 0);
  }
  append(to, shape);
}

void append_term(Frame& frame, const ShapeTerm& term, Dims& to) {
  using Kind = ShapeTerm::Kind;
  switch (term.kind) {
    case Kind::size:
      to.push_back(std::max<int64_t>(value_of(frame, term.size), 0));
      return;
    case Kind::maybe:
      if (is_present(frame, term.symbol)) to.push_back(std::max<int64_t>(size_bound(frame, term.symbol), 0));
      return;
    case Kind::shape:
      return append(to, shape_bound(frame, term.symbol));
    case Kind::broadcast:
      return append(to, broadcastable(frame.draft, shape_bound(frame, term.symbol)));
    case Kind::like:
      return append(to, sizes_of_argument(frame, term.argument));
    case Kind::reduced:
      return append(to, reduced(frame, sizes_of_argument(frame, term.argument)));
    default:
      return append_edited(frame, term, to);
  }
}

}  // namespace

Dims broadcastable(Draft& draft, const Dims& shape) {
  const uint64_t way = draft.choices.below(8);
  if (way < 5 || shape.empty()) return shape;
  if (way == 5) return {};
  const auto removed = static_cast<std::ptrdiff_t>(draft.choices.below(shape.size()));
  Dims smaller(shape.begin() + (way == 6 ? removed : 0), shape.end());
  for (int64_t& size : smaller)
    if (draft.choices.chance(1, 3)) size = 1;
  return smaller;
}

int64_t value_of(Frame& frame, const Expr& expr) {
  using Kind = Expr::Kind;
  switch (expr.kind) {
    case Kind::number:
      return expr.number;
    case Kind::symbol:
      return size_bound(frame, expr.symbol);
    case Kind::fresh:
      return draw_size(frame.draft);
    case Kind::rank:
      return static_cast<int64_t>(operand_shape(frame, expr).size());
    case Kind::count:
      return engine::element_count(operand_shape(frame, expr));
    case Kind::size: {
      const Dims shape = operand_shape(frame, expr);
      const int64_t dimension = value_of(frame, expr.operands[0]);
      return shape.empty() ? 1 : shape[wrapped(dimension, shape.size())];
    }
    default: {
      const int64_t left = value_of(frame, expr.operands[0]);
      const int64_t right = value_of(frame, expr.operands[1]);
      return combined(expr.kind, left, right);
    }
  }
}

const Dims& shape_bound(Frame& frame, int32_t symbol) {
  const auto at = static_cast<size_t>(symbol);
  if (frame.shapes[at]) return *frame.shapes[at];
  const Spec* let = frame.shape_lets[at];
  frame.shape_lets[at] = nullptr;
  Dims shape = let ? shape_of(frame, let->shape) : draw_shape(frame.draft);
  if (!frame.shapes[at]) frame.shapes[at] = std::move(shape);
  return *frame.shapes[at];
}

Dims shape_of(Frame& frame, const std::vector<ShapeTerm>& terms) {
  Dims shape;
  for (const ShapeTerm& term : terms) append_term(frame, term, shape);
  return shape;
}

int64_t draw_integer(Frame& frame, const Spec& spec) {
  switch (spec.kind) {
    case Spec::Kind::one_of: {
      const Spec& chosen = frame.choices().pick(spec.parts);
      return draw_integer(frame, chosen);
    }
    case Spec::Kind::integers: {
      const int64_t low = value_of(frame, spec.low);
      const int64_t high = value_of(frame, spec.high);
      return low < high ? frame.choices().between(low, high) : low;
    }
    case Spec::Kind::dim: {
      const size_t rank = shape_of_dims(frame, spec).size();
      return draw_dim(frame.choices(), rank);
    }
    default:
      return draw_size(frame.draft);
  }
}

Dims shape_of_dims(Frame& frame, const Spec& spec) {
  if (!spec.shape.empty()) return shape_of(frame, spec.shape);
  if (frame.first_tensor >= 0) return *frame.tensors[static_cast<size_t>(frame.first_tensor)];
  return shape_bound(frame, common_shape);
}

int64_t draw_dim(ChoiceSource& choices, size_t rank) {
  const auto dim = static_cast<int64_t>(choices.below(std::max<size_t>(rank, 1)));
  const bool from_end = choices.chance(1, 3);
  return from_end ? dim - static_cast<int64_t>(std::max<size_t>(rank, 1)) : dim;
}

Dims draw_dims(ChoiceSource& choices, size_t rank) {
  Dims dims = draw_permutation(choices, rank);
  if (dims.empty()) return dims;
  dims.resize(1 + choices.below(dims.size()));
  for (int64_t& dim : dims)
    if (choices.chance(1, 4)) dim -= static_cast<int64_t>(rank);
  return dims;
}

Dims draw_permutation(ChoiceSource& choices, size_t rank) {
  Dims dims(rank);
  std::iota(dims.begin(), dims.end(), 0);
  for (size_t left = rank; left > 1; --left) std::swap(dims[left - 1], dims[choices.below(left)]);
  return dims;
}

}  // namespace corpora
