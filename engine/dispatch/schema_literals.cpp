#include "engine/dispatch/schema_literals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/dispatch/schema_types.h"

namespace engine {

namespace {

using Kind = Literal::Kind;

struct Word {
  std::string_view text;
  int64_t value;
};

// Words that PyTorch's schemas use for numbers of enumerations (of dtypes, reductions, layouts, formats).
constexpr std::array<Word, 7> words{{{"int", 3},
                                     {"long", 4},
                                     {"float", 6},
                                     {"double", 7},
                                     {"Mean", 1},
                                     {"strided", 0},
                                     {"contiguous_format", 0}}};

Literal literal_of(Kind kind, int64_t integer = 0) {
  Literal literal;
  literal.kind = kind;
  literal.integer = integer;
  return literal;
}

// What lists and optionals finally hold.
const Type& innermost(const Type& type) {
  const Type* inner = &type;
  while (inner->kind == TypeKind::list || inner->kind == TypeKind::optional) inner = &inner->element();
  return *inner;
}

Literal parse_number(SchemaLexer& lexer, bool negative) {
  const SchemaToken token = lexer.expect(SchemaToken::Kind::number, "a number");
  std::string text = negative ? "-" : "";
  text += token.text;
  Literal literal;
  if (text.back() == 'j') {
    literal.kind = Kind::complex;
    text.pop_back();
  } else {
    literal.kind = text.find_first_of(".eE") == std::string::npos ? Kind::integer : Kind::real;
  }
  const char* end = text.data() + text.size();
  const auto result = literal.kind == Kind::integer ? std::from_chars(text.data(), end, literal.integer)
                                                    : std::from_chars(text.data(), end, literal.real);
  if (result.ec == std::errc::result_out_of_range) lexer.refuse(token.at, "the number is out of range");
  if (result.ec != std::errc() || result.ptr != end) lexer.refuse(token.at, "malformed number");
  return literal;
}

Literal parse_word(SchemaLexer& lexer, const Type& type) {
  const SchemaToken token = lexer.next();
  if (token.text == "None") return literal_of(Kind::none);
  if (token.text == "True") return literal_of(Kind::boolean, 1);
  if (token.text == "False") return literal_of(Kind::boolean, 0);
  if (innermost(type).kind == TypeKind::device) {  // libtorch prints the default of a device bare: cuda:0
    Literal device = literal_of(Kind::string);
    device.text = token.text;
    if (lexer.take(":")) {
      device.text += ':';
      device.text += lexer.expect(SchemaToken::Kind::number, "the number of a device").text;
    }
    return device;
  }
  for (const Word& word : words) {
    if (token.text != word.text) continue;
    Literal literal = literal_of(Kind::integer, word.value);
    literal.text = token.text;
    return literal;
  }
  lexer.refuse(token.at, fmt::format("'{}' is no default value that is known", token.text.substr(0, 64)));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that the escape at text[at] stands for (after its backslash); moves `at` to its last character.
std::optional<char> unescape(std::string_view text, size_t& at) {
  constexpr std::string_view letters = "abfnrtv\\'\"";
  constexpr std::string_view bytes = "\a\b\f\n\r\t\v\\'\"";
  if (const size_t found = letters.find(text[at]); found != std::string_view::npos) return bytes[found];
  const bool hex = text[at] == 'x';
  const size_t length = hex ? 2 : 3;
  const size_t start = hex ? at + 1 : at;
  int value = 0;
  for (size_t d = 0; d < length; ++d) {
    const int digit = start + d < text.size() ? hex_digit(text[start + d]) : -1;
    if (digit < 0 || (!hex && digit > 7)) return std::nullopt;
    value = value * (hex ? 16 : 8) + digit;
  }
  if (value > 255) return std::nullopt;
  at = start + length - 1;
  return static_cast<char>(value);
}

Literal parse_string(SchemaLexer& lexer) {
  const SchemaToken token = lexer.next();
  const std::string_view inside = token.text.substr(1, token.text.size() - 2);
  Literal literal = literal_of(Kind::string);
  for (size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] != '\\') {
      literal.text += inside[i];
      continue;
    }
    const size_t escape = token.at + 1 + i;
    const std::optional<char> byte = unescape(inside, ++i);
    if (!byte) lexer.refuse(escape, "unknown escape; write a backslash as \\\\ and a byte as \\xHH");
    literal.text += *byte;
  }
  return literal;
}

Literal parse_literal(SchemaLexer& lexer, const Type& type, int depth) {
  constexpr int depth_max = 8;
  if (depth > depth_max) lexer.refuse_current(fmt::format("lists nested at most {} deep", depth_max));
  if (lexer.take("-")) return parse_number(lexer, true);
  switch (lexer.peek().kind) {
    case SchemaToken::Kind::number:
      return parse_number(lexer, false);
    case SchemaToken::Kind::string:
      return parse_string(lexer);
    case SchemaToken::Kind::name:
      return parse_word(lexer, type);
    default:
      break;
  }
  if (!lexer.take("[")) lexer.refuse_current("a default value");
  Literal list = literal_of(Kind::list);
  if (lexer.take("]")) return list;
  do {
    list.list.push_back(parse_literal(lexer, type, depth + 1));
  } while (lexer.take(","));
  lexer.expect("]");
  return list;
}

// What a default of this type can be, for the message; empty when any literal will do.
std::string_view wanted_by(TypeKind kind) {
  switch (kind) {
    case TypeKind::integer:
    case TypeKind::sym_int:
      return "an integer";
    case TypeKind::scalar_type:
    case TypeKind::layout:
    case TypeKind::memory_format:
      return "an integer or its name";
    case TypeKind::real:
      return "a number";
    case TypeKind::complex:
    case TypeKind::number:
      return "a number, perhaps complex";
    case TypeKind::boolean:
      return "True or False";
    case TypeKind::string:
    case TypeKind::dimname:
    case TypeKind::device:
      return "a quoted string";
    case TypeKind::variable:
    case TypeKind::any:
    case TypeKind::union_of:
      return "";
    default:
      return "None";
  }
}

bool takes(TypeKind type, Kind literal) {
  switch (type) {
    case TypeKind::integer:
    case TypeKind::sym_int:
    case TypeKind::scalar_type:
    case TypeKind::layout:
    case TypeKind::memory_format:
      return literal == Kind::integer;
    case TypeKind::real:
      return literal == Kind::integer || literal == Kind::real;
    case TypeKind::complex:
      return literal == Kind::integer || literal == Kind::real || literal == Kind::complex;
    case TypeKind::number:
      return literal == Kind::integer || literal == Kind::real || literal == Kind::complex ||
             literal == Kind::boolean;
    case TypeKind::boolean:
      return literal == Kind::boolean;
    case TypeKind::string:
    case TypeKind::dimname:
    case TypeKind::device:
      return literal == Kind::string;
    case TypeKind::variable:
    case TypeKind::any:
    case TypeKind::union_of:
      return true;
    default:
      return literal == Kind::none;
  }
}

// The literal as the type holds it, or nothing when the type cannot.
std::optional<Literal> fitted(Literal literal, const Type& type) {
  if (type.kind == TypeKind::optional) {
    if (literal.kind == Kind::none) return literal;
    const Type& held = type.element();
    // One element in place of an optional list stays one element, as in int[1]? dim=1.
    const bool single = held.kind == TypeKind::list && held.fixed_size && literal.kind != Kind::list;
    return fitted(std::move(literal), single ? held.element() : held);
  }
  if (type.kind == TypeKind::list) {
    if (wanted_by(innermost(type).kind) == "None") return std::nullopt;
    if (literal.kind != Kind::list) {
      if (!type.fixed_size) return std::nullopt;
      std::optional<Literal> element = fitted(std::move(literal), type.element());
      if (!element) return std::nullopt;
      Literal list = literal_of(Kind::list);
      list.list.assign(static_cast<size_t>(*type.fixed_size), *element);
      return list;
    }
    for (Literal& element : literal.list) {
      std::optional<Literal> held = fitted(std::move(element), type.element());
      if (!held) return std::nullopt;
      element = *std::move(held);
    }
    return literal;
  }
  if (!takes(type.kind, literal.kind)) return std::nullopt;
  const bool widened = type.kind == TypeKind::real || type.kind == TypeKind::complex;
  if (widened && literal.kind == Kind::integer) {
    Literal real = literal_of(Kind::real);
    real.real = static_cast<double>(literal.integer);
    return real;
  }
  return literal;
}

std::string wanted_text(const Type& type) {
  if (type.kind == TypeKind::optional) return "None or " + wanted_text(type.element());
  if (type.kind != TypeKind::list) return std::string(wanted_by(type.kind));
  if (wanted_by(innermost(type).kind) == "None") return "not possible";
  return fmt::format("a list{}", type.fixed_size ? " or one element" : "");
}

std::string real_text(double real) {
  std::string text = fmt::format("{}", real);
  if (text.find_first_of(".e") == std::string::npos) text += '.';
  return text;
}

std::string quoted(std::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20 || byte > 0x7e) {
      quoted += fmt::format("\\x{:02x}", byte);
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace

Literal parse_default(SchemaLexer& lexer, const Type& type) {
  const size_t at = lexer.peek().at;
  std::optional<Literal> literal = fitted(parse_literal(lexer, type, 0), type);
  if (!literal) lexer.refuse(at, fmt::format("a default of '{}' is {}", to_string(type), wanted_text(type)));
  return *std::move(literal);
}

std::string to_string(const Literal& literal, const Type& type) {
  // A sized list of one and the same element is written as that element, as in int[2] stride=1.
  const bool repeated = type.kind == TypeKind::list && type.fixed_size && literal.list.size() > 1 &&
                        literal.list.front().kind != Kind::list &&
                        literal.list.size() == static_cast<size_t>(*type.fixed_size) &&
                        std::all_of(literal.list.begin(), literal.list.end(),
                                    [&](const Literal& element) { return element == literal.list.front(); });
  return to_string(repeated ? literal.list.front() : literal);
}

std::string to_string(const Literal& literal) {
  switch (literal.kind) {
    case Kind::none:
      return "None";
    case Kind::boolean:
      return literal.integer != 0 ? "True" : "False";
    case Kind::integer:
      return literal.text.empty() ? fmt::format("{}", literal.integer) : literal.text;
    case Kind::real:
      return real_text(literal.real);
    case Kind::complex:
      return real_text(literal.real) + "j";
    case Kind::string:
      return quoted(literal.text);
    case Kind::list:
      break;
  }
  std::string text;
  for (const Literal& element : literal.list) text += (text.empty() ? "" : ", ") + to_string(element);
  return "[" + text + "]";
}

}  // namespace engine
