// SpecReader's other half: tensors, shapes, dtypes and sizes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "corpora/case/text.h"
#include "corpora/domains/spec_reader.h"

namespace corpora {
namespace {

using engine::DType;
using engine::DTypeClass;

int32_t index_in(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<int32_t>(found - names.begin());
  names.push_back(name);
  return static_cast<int32_t>(names.size() - 1);
}

Expr of_kind(Expr::Kind kind, Expr left, Expr right) {
  Expr made;
  made.kind = kind;
  made.operands.push_back(std::move(left));
  made.operands.push_back(std::move(right));
  return made;
}

Expr of_number(int64_t number) {
  Expr made;
  made.number = number;
  return made;
}

DTypeSet of_class(DTypeClass wanted) {
  DTypeSet set = 0;
  for (DType dtype : engine::all_dtypes)
    if (engine::class_of(dtype) == wanted) set |= only(dtype);
  return set;
}

// 0 for a word that names no dtypes.
DTypeSet dtypes_of_word(std::string_view word) {
  if (const auto dtype = engine::dtype_named(word)) return only(*dtype);
  if (word == "bool") return of_class(DTypeClass::boolean);
  if (word == "int") return of_class(DTypeClass::integer);
  if (word == "half") return of_class(DTypeClass::half);
  if (word == "real") return of_class(DTypeClass::real);
  if (word == "float") return of_class(DTypeClass::real) | of_class(DTypeClass::half);
  if (word == "complex") return of_class(DTypeClass::complex);
  if (word == "any") return (1u << engine::dtype_count) - 1;
  return 0;
}

std::string letters(Cursor& cursor) {
  std::string word;
  while ((cursor.peek() >= 'a' && cursor.peek() <= 'z') || (cursor.peek() >= '0' && cursor.peek() <= '9') ||
         cursor.peek() == '_') {
    word += cursor.peek();
    cursor.take(cursor.peek());
  }
  return word;
}

}  // namespace

DTypeSet SpecReader::dtypes_named(const std::string& word, size_t at) {
  const DTypeSet set = dtypes_of_word(word);
  if (set == 0) cursor_.fail(at, fmt::format("there are no dtypes '{}'", word));
  return set;
}

DTypeSet SpecReader::dtype_set() {
  DTypeSet set = 0;
  do {
    blanks();
    const size_t at = cursor_.at();
    set |= dtypes_named(letters(cursor_), at);
  } while (take('+'));
  return set;
}

Spec SpecReader::tensor() {
  Spec made;
  made.kind = Spec::Kind::tensor;
  made.tensor.emplace();
  expect('(', "after tensor");
  made.tensor->shape = shape();
  expect(')', "after a tensor's shape");
  for (;;) {
    blanks();
    const size_t at = cursor_.at();
    const std::string word = letters(cursor_);
    if (word.empty()) return made;
    tensor_word(*made.tensor, word, at);
  }
}

void SpecReader::tensor_word(TensorSpec& tensor, const std::string& word, size_t at) {
  if (word == "contiguous") {
    tensor.contiguous = true;
  } else if (word == "disjoint") {
    tensor.disjoint = true;
  } else if (word == "component") {
    tensor.component = true;
  } else if (fill_word(tensor, word) || values_word(tensor, word)) {
    return;
  } else if (const DTypeSet set = dtypes_of_word(word)) {
    tensor.dtypes |= set;
    if (take('+')) tensor.dtypes |= dtype_set();
  } else {
    cursor_.fail(at, fmt::format("'{}' says nothing of a tensor", word));
  }
}

bool SpecReader::fill_word(TensorSpec& tensor, const std::string& word) {
  for (int number = 0; number <= static_cast<int>(FillRule::wild); ++number) {
    const auto rule = static_cast<FillRule>(number);
    if (rule == FillRule::values || name_of(rule) != word) continue;
    tensor.fill = Fill::rule;
    tensor.rules.push_back(rule);
    return true;
  }
  static constexpr std::array<std::pair<std::string_view, Fill>, 6> fills{{{"ascending", Fill::ascending},
                                                                           {"permutation", Fill::permutation},
                                                                           {"spd", Fill::spd},
                                                                           {"regular", Fill::regular},
                                                                           {"lower", Fill::lower},
                                                                           {"upper", Fill::upper}}};
  for (const auto& [name, fill] : fills)
    if (word == name) {
      tensor.fill = fill;
      return true;
    }
  return false;
}

// below(n), wrapped(n), between(a, b), spread(a, b), values(x, y, ...)
bool SpecReader::values_word(TensorSpec& tensor, const std::string& word) {
  if (word == "values") {
    tensor.fill = Fill::listed;
    tensor.numbers = listed_numbers();
    return true;
  }
  const bool below = word == "below", wrapped = word == "wrapped";
  if (!below && !wrapped && word != "between" && word != "spread") return false;
  tensor.fill = word == "spread" ? Fill::spread : Fill::between;
  expect('(', "after " + word);
  Expr first = expression();
  if (below || wrapped) {
    tensor.high = of_kind(Expr::Kind::subtract, first, of_number(1));
    tensor.low = wrapped ? of_kind(Expr::Kind::subtract, of_number(0), std::move(first)) : of_number(0);
  } else {
    tensor.low = std::move(first);
    expect(',', "between two bounds");
    tensor.high = expression();
  }
  expect(')', "after the bounds");
  return true;
}

std::vector<double> SpecReader::listed_numbers() {
  std::vector<double> numbers;
  expect('(', "after values");
  do {
    numbers.push_back(real_number());
  } while (take(','));
  expect(')', "after the last value");
  return numbers;
}

std::vector<ShapeTerm> SpecReader::shape() {
  std::vector<ShapeTerm> terms;
  blanks();
  if (cursor_.peek() == ')') return terms;
  do {
    terms.push_back(shape_term());
  } while (take(','));
  return terms;
}

ShapeTerm SpecReader::shape_term() {
  ShapeTerm term;
  if (take('[')) {
    term.kind = ShapeTerm::Kind::maybe;
    term.symbol = size_symbol(name("a size's symbol"));
    expect(']', "after a dimension that may be there");
    return term;
  }
  Cursor ahead = cursor_;
  ahead.skip_blanks(false);
  const std::string lower_case = letters(ahead);
  for (std::string_view function : {"broadcast", "without", "with", "insert", "like", "reduced"})
    if (lower_case == function) {
      cursor_ = ahead;
      return shape_function(lower_case);
    }
  std::string symbol;
  for (; (ahead.peek() >= 'A' && ahead.peek() <= 'Z') || (ahead.peek() >= '0' && ahead.peek() <= '9');
       ahead.take(ahead.peek()))
    symbol += ahead.peek();
  if (!symbol.empty() && ahead.starts("...")) {
    for (int dot = 0; dot < 3; ++dot) ahead.take('.');
    cursor_ = ahead;
    term.kind = ShapeTerm::Kind::shape;
    term.symbol = shape_symbol(symbol);
    return term;
  }
  term.size = expression();
  return term;
}

ShapeTerm SpecReader::shape_function(const std::string& word) {
  using Kind = ShapeTerm::Kind;
  ShapeTerm term;
  expect('(', "after " + word);
  if (word == "like" || word == "reduced") {
    term.kind = word == "like" ? Kind::like : Kind::reduced;
    term.argument = name("a tensor argument's name");
  } else {
    term.kind = word == "broadcast" ? Kind::broadcast
                : word == "without" ? Kind::without
                : word == "with"    ? Kind::with
                                    : Kind::insert;
    term.symbol = shape_symbol(name("a shape's symbol"));
    for (int dot = 0; dot < 3; ++dot) expect('.', "after a shape's symbol: S...");
  }
  if (term.kind == Kind::without || term.kind == Kind::with || term.kind == Kind::insert) {
    expect(',', "before the dimension");
    term.dimension = expression();
  }
  if (term.kind == Kind::with || term.kind == Kind::insert) {
    expect(',', "before the size");
    term.size = expression();
  }
  expect(')', "after " + word);
  return term;
}

int32_t SpecReader::shape_symbol(const std::string& word) { return index_in(names_.shapes, word); }
int32_t SpecReader::size_symbol(const std::string& word) { return index_in(names_.sizes, word); }

Expr SpecReader::expression() {
  Expr left = product();
  for (;;) {
    blanks();
    if (take('+')) {
      left = of_kind(Expr::Kind::add, std::move(left), product());
    } else if (take('-')) {
      left = of_kind(Expr::Kind::subtract, std::move(left), product());
    } else {
      return left;
    }
  }
}

Expr SpecReader::product() {
  Expr left = factor();
  for (;;) {
    if (take('*')) {
      left = of_kind(Expr::Kind::multiply, std::move(left), factor());
    } else if (take('/')) {
      left = of_kind(Expr::Kind::divide, std::move(left), factor());
    } else {
      return left;
    }
  }
}

Expr SpecReader::factor() {
  blanks();
  if (take('(')) {
    Expr inner = expression();
    expect(')', "after an expression");
    return inner;
  }
  if (take('-')) return of_kind(Expr::Kind::subtract, of_number(0), factor());
  const size_t at = cursor_.at();
  std::string digits;
  for (; cursor_.peek() >= '0' && cursor_.peek() <= '9'; cursor_.take(cursor_.peek()))
    digits += cursor_.peek();
  if (!digits.empty()) {
    if (digits.size() > 18) cursor_.fail(at, "a number of more than 18 digits");
    int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return of_number(number);
  }
  return named_factor(name("a size: a number or a symbol"));
}

Expr SpecReader::named_factor(const std::string& word) {
  Expr made;
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
  if (word == "_") {
    made.kind = Expr::Kind::fresh;
  } else if (word.front() >= 'A' && word.front() <= 'Z') {
    made.kind = Expr::Kind::symbol;
    made.symbol = size_symbol(word);
  } else {
    cursor_.fail(fmt::format("there is no size '{}': a symbol begins with a capital letter", word));
  }
  return made;
}

// rank(S...), size(x, d), count(x)
Expr SpecReader::shape_question(Expr::Kind kind) {
  Expr made;
  made.kind = kind;
  expect('(', "before a shape");
  const std::string about = name("a shape's symbol or a tensor argument");
  if (cursor_.starts("...")) {
    for (int dot = 0; dot < 3; ++dot) cursor_.take('.');
    made.symbol = shape_symbol(about);
  } else {
    made.argument = about;
  }
  if (kind == Expr::Kind::size) {
    expect(',', "before the dimension");
    made.operands.push_back(expression());
  }
  expect(')', "after a shape");
  return made;
}

}  // namespace corpora
