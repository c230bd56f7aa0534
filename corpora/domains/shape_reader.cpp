#include "corpora/domains/shape_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "corpora/case/text.h"

namespace corpora {
namespace {

using engine::DType;
using engine::DTypeClass;

int32_t index_in(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  const auto index = static_cast<int32_t>(found - names.begin());
  if (found == names.end()) names.push_back(name);
  return index;
}

Expr of_number(int64_t number) { return {.number = number}; }
Expr of_kind(Expr::Kind kind, Expr left, Expr right) {
  return {.kind = kind, .operands = {std::move(left), std::move(right)}};
}

// Few kernels accept a dtype that is only stored: lines for those kernels name it.
DTypeSet of_class(DTypeClass wanted) {
  DTypeSet set = 0;
  for (DType dtype : engine::computed_dtypes)
    if (engine::class_of(dtype) == wanted) set |= only(dtype);
  return set;
}

// Those whose names begin with the word: there are several formats of 8 bits.
DTypeSet named_like(std::string_view word) {
  DTypeSet set = 0;
  for (DType dtype : engine::all_dtypes)
    if (engine::name_of(dtype).starts_with(word)) set |= only(dtype);
  return set;
}

// 0 for a word that names no dtypes.
DTypeSet dtypes_named(std::string_view word) {
  if (const auto dtype = engine::dtype_named(word)) return only(*dtype);
  if (word == "bool") return of_class(DTypeClass::boolean);
  if (word == "int") return of_class(DTypeClass::integer);
  if (word == "half") return of_class(DTypeClass::half);
  if (word == "real") return of_class(DTypeClass::real);
  if (word == "float") return of_class(DTypeClass::real) | of_class(DTypeClass::half);
  if (word == "complex") return of_class(DTypeClass::complex);
  if (word == "f8") return named_like("f8");
  if (word == "any") return every_dtype;
  return 0;
}

std::string_view lower_case_word(Cursor& cursor) {
  return cursor.take_while([](char x) { return is_lower(x) || is_digit(x) || x == '_'; });
}

}  // namespace

void ShapeReader::blanks() {
  cursor_.skip_blanks(false);
  while (cursor_.starts("\n ")) {
    cursor_.take('\n');
    cursor_.skip_blanks(false);
  }
}

bool ShapeReader::take(std::string_view what) {
  blanks();
  return cursor_.take(what);
}

void ShapeReader::expect(char what, std::string_view context) {
  blanks();
  cursor_.expect(what, context);
}

std::string ShapeReader::name(std::string_view expected) {
  blanks();
  std::string word;
  if (!is_digit(cursor_.peek())) word = cursor_.take_while(is_name_character);
  if (word.empty()) cursor_.fail(fmt::format("expected {}, found {}", expected, cursor_.found()));
  return word;
}

std::string ShapeReader::take_real() {
  const Cursor start = cursor_;
  std::string text = cursor_.take('-') ? "-" : "";
  const std::string_view whole = digits();
  text += whole;
  bool real = false;
  if (!cursor_.starts("..") && cursor_.take('.')) {
    text.append(".").append(digits());
    real = true;
  }
  if (cursor_.take('e')) {
    text.append(cursor_.take('-') ? "e-" : "e").append(digits());
    real = true;
  }
  if (!whole.empty() && real) return text;
  cursor_ = start;
  return {};
}

double ShapeReader::real_number() {
  blanks();
  const size_t at = cursor_.at();
  std::string text = take_real();
  if (text.empty()) text.append(cursor_.take('-') ? "-" : "").append(digits());
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    cursor_.fail(at, fmt::format("expected a number, found {}", cursor_.found()));
  return value;
}

DTypeSet ShapeReader::dtype_set() {
  DTypeSet all = 0;
  do {
    blanks();
    const std::string_view word = lower_case_word(cursor_);
    const DTypeSet named = dtypes_named(word);
    if (named == 0) cursor_.fail_at_word(fmt::format("there are no dtypes '{}'", word));
    all |= named;
  } while (take("+"));
  return all;
}

TensorSpec ShapeReader::tensor() {
  TensorSpec made;
  expect('(', "after tensor");
  made.shape = shape();
  expect(')', "after a tensor's shape");
  for (;;) {
    blanks();
    const std::string_view word = lower_case_word(cursor_);
    if (word.empty()) return made;
    tensor_word(made, word);
  }
}

void ShapeReader::tensor_word(TensorSpec& tensor, std::string_view word) {
  if (word == "contiguous") {
    tensor.contiguous = true;
  } else if (word == "disjoint") {
    tensor.disjoint = true;
  } else if (word == "component") {
    tensor.component = true;
  } else if (word == "as") {
    expect('(', "after as");
    tensor.dtype_of = mention();
    expect(')', "after the tensor whose dtype it is");
  } else if (fill_word(tensor, word) || bounds_word(tensor, word)) {
    return;
  } else if (const DTypeSet set = dtypes_named(word)) {
    tensor.dtypes |= set;
    if (take("+")) tensor.dtypes |= dtype_set();
  } else {
    cursor_.fail_at_word(fmt::format("'{}' does not describe a tensor", word));
  }
}

bool ShapeReader::fill_word(TensorSpec& tensor, std::string_view word) {
  if (word == "values") {
    tensor.fill = Fill::listed;
    expect('(', "after values");
    do tensor.numbers.push_back(real_number());
    while (take(","));
    expect(')', "after the last value");
    return true;
  }
  if (const std::optional<FillRule> rule = fill_rule_named(word)) {
    tensor.fill = Fill::rule;
    tensor.rules.push_back(*rule);
    return true;
  }
  static constexpr std::array<std::pair<std::string_view, Fill>, 6> fills{{{"ascending", Fill::ascending},
                                                                           {"permutation", Fill::permutation},
                                                                           {"spd", Fill::spd},
                                                                           {"regular", Fill::regular},
                                                                           {"lower", Fill::lower},
                                                                           {"upper", Fill::upper}}};
  const auto* const found = std::ranges::find(fills, word, &std::pair<std::string_view, Fill>::first);
  if (found == fills.end()) return false;
  tensor.fill = found->second;
  return true;
}

// below(n), wrapped(n), offsets(n), between(a, b), spread(a, b), columns(a, b..c, ...)
bool ShapeReader::bounds_word(TensorSpec& tensor, std::string_view word) {
  using Read = void (ShapeReader::*)(TensorSpec&);
  const bool below = word == "below", wrapped = word == "wrapped", offsets = word == "offsets";
  const Read pair = word == "between" || word == "spread" ? &ShapeReader::between
                    : word == "columns"                   ? &ShapeReader::columns
                                                          : nullptr;
  if (!below && !wrapped && !offsets && pair == nullptr) return false;
  tensor.fill = word == "spread" ? Fill::spread : offsets ? Fill::offsets : Fill::between;
  expect('(', fmt::format("after {}", word));
  if (pair != nullptr) {
    (this->*pair)(tensor);
  } else {
    Expr first = expression();
    tensor.high = offsets ? first : of_kind(Expr::Kind::subtract, first, of_number(1));
    tensor.low = wrapped ? of_kind(Expr::Kind::subtract, of_number(0), std::move(first)) : of_number(0);
  }
  expect(')', "after the bounds");
  return true;
}

// Two bounds: expressions, or for `between` two reals, of which one has a point.
void ShapeReader::between(TensorSpec& tensor) {
  blanks();
  Cursor ahead = cursor_;
  ShapeReader look(ahead, names_);
  const bool first_is_real = !look.take_real().empty();
  tensor.reals = tensor.fill == Fill::between && first_is_real;
  if (tensor.reals) {
    tensor.numbers = {real_number()};
    expect(',', "between two bounds");
    tensor.numbers.push_back(real_number());
    return;
  }
  tensor.low = expression();
  expect(',', "between two bounds");
  tensor.high = expression();
}

void ShapeReader::columns(TensorSpec& tensor) {
  tensor.fill = Fill::columns;
  do {
    ExprRange range{.low = expression(), .high = {}};
    range.high = take("..") ? expression() : range.low;
    tensor.columns.push_back(std::move(range));
  } while (take(","));
}

std::string ShapeReader::mention() {
  blanks();
  const size_t at = cursor_.at();
  mentions_.push_back({name("a tensor argument's name"), at});
  return mentions_.back().name;
}

std::vector<ShapeTerm> ShapeReader::shape() {
  std::vector<ShapeTerm> terms;
  blanks();
  if (cursor_.peek() == ')') return terms;
  do terms.push_back(shape_term());
  while (take(","));
  return terms;
}

ShapeTerm ShapeReader::shape_term() {
  using Kind = ShapeTerm::Kind;
  if (take("[")) {
    const int32_t symbol = size_symbol(name("a size's symbol"));
    expect(']', "after an optional dimension");
    return {.kind = Kind::maybe, .symbol = symbol};
  }
  static constexpr std::array<std::pair<std::string_view, Kind>, 6> functions{{{"broadcast", Kind::broadcast},
                                                                               {"without", Kind::without},
                                                                               {"with", Kind::with},
                                                                               {"insert", Kind::insert},
                                                                               {"like", Kind::like},
                                                                               {"reduced", Kind::reduced}}};
  const Cursor start = cursor_;
  const std::string_view word = lower_case_word(cursor_);
  for (const auto& [function, kind] : functions)
    if (word == function) return shape_function(word, kind);
  const std::string symbol(cursor_.take_while([](char x) { return is_upper(x) || is_digit(x); }));
  if (!symbol.empty() && cursor_.take("...")) return {.kind = Kind::shape, .symbol = shape_symbol(symbol)};
  cursor_ = start;
  return {.size = expression()};
}

ShapeTerm ShapeReader::shape_function(std::string_view word, ShapeTerm::Kind kind) {
  using Kind = ShapeTerm::Kind;
  ShapeTerm term{.kind = kind};
  expect('(', fmt::format("after {}", word));
  if (kind == Kind::like || kind == Kind::reduced) {
    term.argument = mention();
  } else {
    term.symbol = shape_symbol(name("a shape's symbol"));
    if (!cursor_.take("...")) cursor_.fail("expected '...' after a shape's symbol: S...");
  }
  if (kind == Kind::without || kind == Kind::with || kind == Kind::insert) {
    expect(',', "before the dimension");
    term.dimension = expression();
  }
  if (kind == Kind::with || kind == Kind::insert) {
    expect(',', "before the size");
    term.size = expression();
  }
  expect(')', fmt::format("after {}", word));
  return term;
}

int32_t ShapeReader::shape_symbol(const std::string& word) { return index_in(names_.shapes, word); }
int32_t ShapeReader::size_symbol(const std::string& word) { return index_in(names_.sizes, word); }

Expr ShapeReader::expression() {
  Expr left = product();
  for (;;) {
    if (take("+")) {
      left = of_kind(Expr::Kind::add, std::move(left), product());
    } else if (take("-")) {
      left = of_kind(Expr::Kind::subtract, std::move(left), product());
    } else {
      return left;
    }
  }
}

Expr ShapeReader::product() {
  Expr left = factor();
  for (;;) {
    if (take("*")) {
      left = of_kind(Expr::Kind::multiply, std::move(left), factor());
    } else if (take("/")) {
      left = of_kind(Expr::Kind::divide, std::move(left), factor());
    } else {
      return left;
    }
  }
}

Expr ShapeReader::factor() {
  if (take("(")) {
    Expr inner = expression();
    expect(')', "after an expression");
    return inner;
  }
  if (take("-")) return of_kind(Expr::Kind::subtract, of_number(0), factor());
  const std::string_view text = digits();
  if (text.empty()) return named_factor(name("a size: a number or a symbol"));
  int64_t number = 0;
  if (text.size() > 18) cursor_.fail_at_word("a number of more than 18 digits");
  std::from_chars(text.begin(), text.end(), number);
  return of_number(number);
}

Expr ShapeReader::named_factor(const std::string& word) {
  if (word == "rank") return shape_question(Expr::Kind::rank);
  if (word == "size") return shape_question(Expr::Kind::size);
  if (word == "count") return shape_question(Expr::Kind::count);
  if (word == "min" || word == "max") {
    expect('(', "after " + word);
    Expr left = expression();
    expect(',', "between two sizes");
    Expr right = expression();
    expect(')', "after two sizes");
    return of_kind(word == "min" ? Expr::Kind::minimum : Expr::Kind::maximum, std::move(left),
                   std::move(right));
  }
  if (word == "_") return {.kind = Expr::Kind::fresh};
  if (!is_upper(word.front()))
    cursor_.fail(fmt::format("there is no size '{}': a symbol begins with a capital letter", word));
  return {.kind = Expr::Kind::symbol, .symbol = size_symbol(word)};
}

// rank(S...), size(x, d), count(x)
Expr ShapeReader::shape_question(Expr::Kind kind) {
  Expr made{.kind = kind};
  expect('(', "before a shape");
  blanks();
  const size_t at = cursor_.at();
  const std::string word = name("a shape's symbol or a tensor argument");
  if (cursor_.take("...")) {
    made.symbol = shape_symbol(word);
  } else {
    made.argument = word;
    mentions_.push_back({word, at});
  }
  if (kind == Expr::Kind::size) {
    expect(',', "before the dimension");
    made.operands.push_back(expression());
  }
  expect(')', "after a shape");
  return made;
}

}  // namespace corpora
