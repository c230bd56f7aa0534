#include "corpora/domains/spec_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace corpora {
namespace {

using Kind = Spec::Kind;

class SpecReader : public ShapeReader {
 public:
  using ShapeReader::ShapeReader;

  Assignments items() {
    Assignments all;
    do {
      blanks();
      Cursor ahead = cursor_;
      if (ahead.take_while(is_name_character) == "let") {
        cursor_ = ahead;
        let(all);
      } else {
        item(all);
      }
    } while (take(";"));
    return all;
  }

 private:
  // x, y = spec
  void item(Assignments& into) {
    std::vector<ArgumentMention> names;
    do {
      blanks();
      const size_t at = cursor_.at();
      names.push_back({name("an argument's name"), at});
    } while (take(","));
    expect('=', "between argument and spec");
    const Spec value = spec();
    for (ArgumentMention& argument : names)
      into.push_back({.argument = std::move(argument.name), .spec = value, .at = argument.at});
  }

  // let N = spec    let S... = shape    let dtype = real + half
  void let(Assignments& into) {
    const std::string symbol = name("dtype or a symbol");
    Assignment& assignment = into.emplace_back();
    if (symbol == "dtype") {
      assignment.target = Assignment::Target::dtype;
      expect('=', "after 'let dtype'");
      assignment.spec = {.kind = Kind::dtype, .dtypes = dtype_set()};
    } else if (!is_upper(symbol.front())) {
      cursor_.fail_at_word(fmt::format("a symbol begins with a capital letter, not '{}'", symbol));
    } else if (cursor_.take("...")) {
      assignment.target = Assignment::Target::shape;
      assignment.symbol = shape_symbol(symbol);
      expect('=', "after the symbol");
      assignment.spec = {.kind = Kind::sizes, .shape = shape()};
    } else {
      assignment.target = Assignment::Target::size;
      assignment.symbol = size_symbol(symbol);
      expect('=', "after the symbol");
      assignment.spec = spec();
    }
  }

  bool take_or() {
    blanks();
    return !cursor_.starts("||") && cursor_.take('|');
  }

  Spec spec() {
    Spec choice{.kind = Kind::one_of};
    do choice.parts.push_back(term());
    while (take_or());
    return choice.parts.size() == 1 ? std::move(choice.parts.front()) : choice;
  }

  Spec term() {
    Spec inner = primary();
    if (!take("?")) return inner;
    return {.kind = Kind::maybe, .parts = {std::move(inner)}};
  }

  Spec primary() {
    blanks();
    const char next = cursor_.peek();
    if (next == '"') return literal(Value::of_string(cursor_.quoted('"')));
    if (next == '[') return sequence();
    Cursor start = cursor_;
    if (!take_real().empty()) {
      cursor_ = start;
      return reals();
    }
    if (is_digit(next) || next == '-' || next == '(' || next == '_' || is_upper(next)) return integers();
    const std::string_view word = cursor_.take_while(is_name_character);
    if (word.empty()) cursor_.fail(fmt::format("expected a spec, found {}", cursor_.found()));
    constexpr std::array<std::string_view, 5> functions{"rank", "size", "count", "min", "max"};
    if (std::ranges::find(functions, word) == functions.end()) return named(word);
    cursor_ = start;
    return integers();
  }

  Spec named(std::string_view word) {
    static constexpr std::array<std::pair<std::string_view, Kind>, 9> kinds{
        {{"any", Kind::any},
         {"none", Kind::absent},
         {"undefined", Kind::undefined},
         {"default", Kind::preset},
         {"bool", Kind::boolean},
         {"sizes", Kind::sizes},
         {"dim", Kind::dim},
         {"dims", Kind::dims},
         {"permutation", Kind::permutation}}};
    for (const auto& [name, kind] : kinds)
      if (word == name) return kind < Kind::sizes ? Spec{.kind = kind} : of_shape(kind);
    if (word == "tensor") return {.kind = Kind::tensor, .tensor = tensor()};
    if (word == "list") return repeated();
    if (word == "result") return result();
    if (word == "dtype") return dtype();
    if (word == "true" || word == "false") return literal(Value::of_boolean(word == "true"));
    if (word == "inf") return literal(Value::of_real(std::numeric_limits<double>::infinity()));
    if (word == "nan") return literal(Value::of_real(std::numeric_limits<double>::quiet_NaN()));
    if (const auto dtype = engine::dtype_named(word)) return literal(Value::of_dtype(*dtype));
    cursor_.fail_at_word(fmt::format("there is no spec '{}'; strings are written in quotes", word));
  }

  static Spec literal(Value value) { return {.kind = Kind::literal, .value = std::move(value)}; }

  Spec integers() {
    Spec made{.kind = Kind::integers, .low = expression()};
    made.high = take("..") ? expression() : made.low;
    return made;
  }

  Spec reals() {
    Spec made{.kind = Kind::reals, .real_low = real_number()};
    made.real_high = take("..") ? real_number() : made.real_low;
    return made;
  }

  // [a, b]
  Spec sequence() {
    Spec made{.kind = Kind::sequence};
    cursor_.take('[');
    if (take("]")) return made;
    do made.parts.push_back(spec());
    while (take(","));
    expect(']', "after the last element");
    return made;
  }

  // list(1..3; a)
  Spec repeated() {
    Spec made{.kind = Kind::repeated};
    expect('(', "after list");
    made.parts.push_back(spec());
    expect(';', "between a list's length and its element");
    made.parts.push_back(spec());
    expect(')', "after a list's element");
    return made;
  }

  // result(aten::clone; self = tensor(N)).0
  Spec result() {
    Spec made{.kind = Kind::result};
    expect('(', "after result");
    cursor_.skip_blanks(false);
    made.op_at = cursor_.at();
    made.op = cursor_.word();
    if (!is_operator_name(made.op)) cursor_.fail_at_word("expected an operator's name such as aten::clone");
    if (take(";")) made.assignments = items();
    expect(')', "after an earlier call");
    if (!cursor_.take('.')) return made;
    const std::string_view output = digits();
    if (output.empty() || output.size() > 3) cursor_.fail("expected the number of a result");
    std::from_chars(output.begin(), output.end(), made.output);
    return made;
  }

  // dim    dim(S...)
  Spec of_shape(Kind kind) {
    Spec made{.kind = kind};
    if (!take("(")) {
      if (kind == Kind::sizes) cursor_.fail("expected '(' and a shape");
      return made;
    }
    made.shape = shape();
    expect(')', "after a shape");
    return made;
  }

  // dtype    dtype(real + half)
  Spec dtype() {
    Spec made{.kind = Kind::dtype};
    if (!take("(")) return made;
    made.dtypes = dtype_set();
    expect(')', "after dtypes");
    return made;
  }
};

}  // namespace

ReadItems read_items(Cursor& cursor, SymbolNames& names) {
  SpecReader reader(cursor, names);
  Assignments items = reader.items();
  return {std::move(items), reader.mentions()};
}

}  // namespace corpora
