#include "corpora/domains/spec_reader.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace corpora {
namespace {

bool is_upper(char x) { return x >= 'A' && x <= 'Z'; }
bool is_digit(char x) { return x >= '0' && x <= '9'; }
bool is_letter(char x) { return is_upper(x) || (x >= 'a' && x <= 'z') || x == '_'; }

std::string word_at(Cursor& cursor) {
  std::string word;
  while (is_letter(cursor.peek()) || is_digit(cursor.peek())) {
    word += cursor.peek();
    cursor.take(cursor.peek());
  }
  return word;
}

// What stands at the cursor, without taking it.
std::string word_ahead(Cursor cursor) { return word_at(cursor); }

std::string digits_at(Cursor& cursor) {
  std::string digits;
  while (is_digit(cursor.peek())) {
    digits += cursor.peek();
    cursor.take(cursor.peek());
  }
  return digits;
}

// A number with a point or an exponent; empty when none stands here. "1..3" is two whole numbers.
std::string real_at(Cursor& cursor) {
  Cursor ahead = cursor;
  std::string text = ahead.take('-') ? "-" : "";
  text += digits_at(ahead);
  if (text.empty() || text == "-") return {};
  bool real = false;
  if (ahead.peek() == '.' && !ahead.starts("..")) {
    ahead.take('.');
    text += "." + digits_at(ahead);
    real = true;
  }
  if (ahead.peek() == 'e') {
    ahead.take('e');
    text += 'e';
    if (ahead.take('-')) text += '-';
    text += digits_at(ahead);
    real = true;
  }
  if (!real) return {};
  cursor = ahead;
  return text;
}

constexpr std::array<std::string_view, 5> expression_functions{"rank", "size", "count", "min", "max"};

bool is_expression_function(std::string_view word) {
  for (std::string_view function : expression_functions)
    if (word == function) return true;
  return false;
}

}  // namespace

void SpecReader::blanks() {
  cursor_.skip_blanks(false);
  while (cursor_.starts("\n ")) {  // an indented line goes on with the one before
    cursor_.take('\n');
    cursor_.skip_blanks(false);
  }
}

bool SpecReader::take(char what) {
  blanks();
  return cursor_.take(what);
}

bool SpecReader::at_or_else() {
  blanks();
  return cursor_.starts("||");
}

void SpecReader::expect(char what, std::string_view context) {
  blanks();
  cursor_.expect(what, context);
}

std::string SpecReader::name(std::string_view expected) {
  blanks();
  std::string word = is_digit(cursor_.peek()) ? "" : word_at(cursor_);
  if (word.empty()) cursor_.fail(fmt::format("expected {}, found {}", expected, cursor_.found()));
  return word;
}

std::vector<Assignment> SpecReader::items() {
  std::vector<Assignment> all;
  do {
    blanks();
    const size_t at = cursor_.at();
    const std::string ahead = word_ahead(cursor_);
    if (ahead == "let") {
      let(all);
    } else {
      item(all);
    }
    if (cursor_.at() == at) cursor_.fail("expected 'argument = spec'");
  } while (take(';'));
  return all;
}

void SpecReader::item(std::vector<Assignment>& into) {
  std::vector<std::string> names;
  do {
    names.push_back(name("an argument's name"));
  } while (take(','));
  expect('=', "between argument and spec");
  const Spec value = spec();
  for (std::string& argument : names)
    into.push_back({Assignment::Target::argument, std::move(argument), -1, value});
}

void SpecReader::let(std::vector<Assignment>& into) {
  word_at(cursor_);
  blanks();
  const size_t at = cursor_.at();
  const std::string symbol = name("dtype or a symbol");
  Assignment assignment;
  if (symbol == "dtype") {
    assignment.target = Assignment::Target::dtype;
    expect('=', "after 'let dtype'");
    assignment.spec.kind = Spec::Kind::dtype;
    assignment.spec.dtypes = dtype_set();
  } else if (!is_upper(symbol.front())) {
    cursor_.fail(at, fmt::format("a symbol begins with a capital letter, not '{}'", symbol));
  } else if (cursor_.starts("...")) {
    for (int dot = 0; dot < 3; ++dot) cursor_.take('.');
    assignment.target = Assignment::Target::shape;
    assignment.symbol = shape_symbol(symbol);
    expect('=', "after the symbol");
    assignment.spec.kind = Spec::Kind::sizes;
    assignment.spec.shape = shape();
  } else {
    assignment.target = Assignment::Target::size;
    assignment.symbol = size_symbol(symbol);
    expect('=', "after the symbol");
    assignment.spec = spec();
  }
  into.push_back(std::move(assignment));
}

Spec SpecReader::spec() {
  Spec first = term();
  blanks();
  if (cursor_.peek() != '|' || at_or_else()) return first;
  Spec choice;
  choice.kind = Spec::Kind::one_of;
  choice.parts.push_back(std::move(first));
  while (!at_or_else() && take('|')) choice.parts.push_back(term());
  return choice;
}

Spec SpecReader::term() {
  Spec inner = primary();
  if (!take('?')) return inner;
  Spec maybe;
  maybe.kind = Spec::Kind::maybe;
  maybe.parts.push_back(std::move(inner));
  return maybe;
}

Spec SpecReader::primary() {
  blanks();
  Spec made;
  const size_t at = cursor_.at();
  const char next = cursor_.peek();
  if (next == '"') {
    made.kind = Spec::Kind::literal;
    made.value = Value::of_string(cursor_.quoted('"'));
    return made;
  }
  if (next == '[') return sequence();
  Cursor probe = cursor_;
  if (!real_at(probe).empty()) return reals();
  if (is_digit(next) || next == '-' || next == '(' || next == '_' || is_upper(next))
    return of_numbers(expression());
  const std::string word = word_ahead(cursor_);
  if (word.empty()) cursor_.fail(fmt::format("expected a spec, found {}", cursor_.found()));
  if (is_expression_function(word)) return of_numbers(expression());
  word_at(cursor_);
  return named(word, at);
}

Spec SpecReader::named(const std::string& word, size_t at) {
  using Kind = Spec::Kind;
  static constexpr std::array<std::pair<std::string_view, Kind>, 5> plain{{{"any", Kind::any},
                                                                           {"none", Kind::absent},
                                                                           {"undefined", Kind::undefined},
                                                                           {"default", Kind::preset},
                                                                           {"bool", Kind::boolean}}};
  Spec made;
  for (const auto& [name, kind] : plain)
    if (word == name) {
      made.kind = kind;
      return made;
    }
  if (word == "tensor") return tensor();
  if (word == "list") return repeated();
  if (word == "result") return result();
  if (word == "sizes") return of_shape(Kind::sizes);
  if (word == "dim") return of_shape(Kind::dim);
  if (word == "dims") return of_shape(Kind::dims);
  if (word == "permutation") return of_shape(Kind::permutation);
  if (word == "dtype") return of_dtypes();
  made.kind = Kind::literal;
  if (word == "true" || word == "false") {
    made.value = Value::of_boolean(word == "true");
  } else if (word == "inf") {
    made.value = Value::of_real(std::numeric_limits<double>::infinity());
  } else if (word == "nan") {
    made.value = Value::of_real(std::numeric_limits<double>::quiet_NaN());
  } else if (const auto dtype = engine::dtype_named(word)) {
    made.value = Value::of_dtype(*dtype);
  } else {
    cursor_.fail(at, fmt::format("there is no spec '{}'; strings are written in quotes", word));
  }
  return made;
}

Spec SpecReader::of_numbers(Expr first) {
  Spec made;
  made.kind = Spec::Kind::integers;
  blanks();
  if (cursor_.starts("..")) {
    cursor_.take('.');
    cursor_.take('.');
    made.high = expression();
  } else {
    made.high = first;
  }
  made.low = std::move(first);
  return made;
}

double SpecReader::real_number() {
  blanks();
  const size_t at = cursor_.at();
  std::string text = real_at(cursor_);
  if (text.empty()) {
    text = cursor_.take('-') ? "-" : "";
    text += digits_at(cursor_);
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    cursor_.fail(at, fmt::format("expected a number, found {}", cursor_.found()));
  return value;
}

Spec SpecReader::reals() {
  Spec made;
  made.kind = Spec::Kind::reals;
  made.real_low = made.real_high = real_number();
  blanks();
  if (cursor_.starts("..")) {
    cursor_.take('.');
    cursor_.take('.');
    made.real_high = real_number();
  }
  return made;
}

Spec SpecReader::sequence() {
  Spec made;
  made.kind = Spec::Kind::sequence;
  cursor_.take('[');
  if (take(']')) return made;
  do {
    made.parts.push_back(spec());
  } while (take(','));
  expect(']', "after the last element");
  return made;
}

Spec SpecReader::repeated() {
  Spec made;
  made.kind = Spec::Kind::repeated;
  expect('(', "after list");
  made.parts.push_back(spec());
  expect(';', "between a list's length and its element");
  made.parts.push_back(spec());
  expect(')', "after a list's element");
  return made;
}

Spec SpecReader::result() {
  Spec made;
  made.kind = Spec::Kind::result;
  expect('(', "after result");
  blanks();
  const size_t at = cursor_.at();
  made.op = cursor_.word();
  if (!is_operator_name(made.op)) cursor_.fail(at, "expected an operator's name such as aten::clone");
  if (take(';')) made.assignments = items();
  expect(')', "after an earlier call");
  if (!cursor_.take('.')) return made;
  const std::string output = digits_at(cursor_);
  if (output.empty() || output.size() > 3) cursor_.fail("expected the number of a result");
  std::from_chars(output.data(), output.data() + output.size(), made.output);
  return made;
}

Spec SpecReader::of_shape(Spec::Kind kind) {
  Spec made;
  made.kind = kind;
  if (!take('(')) {
    if (kind == Spec::Kind::sizes) cursor_.fail("expected '(' and a shape");
    return made;
  }
  made.shape = shape();
  expect(')', "after a shape");
  return made;
}

Spec SpecReader::of_dtypes() {
  Spec made;
  made.kind = Spec::Kind::dtype;
  if (!take('(')) return made;
  made.dtypes = dtype_set();
  expect(')', "after dtypes");
  return made;
}

}  // namespace corpora
