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

// Names of enumerators (dtypes, reductions, layouts, memory formats) that schemas use for their numbers.
constexpr std::array<Word, 7> words{{{"int", 3},
                                     {"long", 4},
                                     {"float", 6},
                                     {"double", 7},
                                     {"Mean", 1},
                                     {"strided", 0},
                                     {"contiguous_format", 0}}};

// The type inside all lists and optionals.
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
  if (token.text == "None") return {};
  if (token.text == "True") return {Kind::boolean, 1};
  if (token.text == "False") return {Kind::boolean, 0};
  if (innermost(type).kind == TypeKind::device) {  // libtorch prints the default of a device without quotes
    Literal device{.kind = Kind::string, .text = std::string(token.text)};
    if (lexer.take(":")) {
      device.text += ':';
      device.text += lexer.expect(SchemaToken::Kind::number, "the number of a device").text;
    }
    return device;
  }
  for (const Word& word : words)
    if (token.text == word.text)
      return {.kind = Kind::integer, .integer = word.value, .text = std::string(word.text)};
  lexer.refuse(token.at, fmt::format("'{}' is not a known default value", token.text.substr(0, 64)));
}

// The byte of the escape sequence that has text[at] after its backslash; moves `at` to its last character.
std::optional<char> unescape(std::string_view text, size_t& at) {
  constexpr std::string_view letters = "abfnrtv\\'\"";
  constexpr std::string_view bytes = "\a\b\f\n\r\t\v\\'\"";
  if (const size_t found = letters.find(text[at]); found != std::string_view::npos) return bytes[found];
  const bool hex = text[at] == 'x';
  const size_t start = at + (hex ? 1 : 0), length = hex ? 2 : 3;
  const std::string_view digits = text.substr(start, length);
  uint8_t byte = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), byte, hex ? 16 : 8);
  if (digits.size() != length || result.ec != std::errc() || result.ptr != digits.data() + length)
    return std::nullopt;
  at = start + length - 1;
  return static_cast<char>(byte);
}

Literal parse_string(SchemaLexer& lexer) {
  const SchemaToken token = lexer.next();
  const std::string_view inside = token.text.substr(1, token.text.size() - 2);
  Literal literal{.kind = Kind::string};
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
  Literal list{.kind = Kind::list};
  if (lexer.take("]")) return list;
  do {
    list.list.push_back(parse_literal(lexer, type, depth + 1));
  } while (lexer.take(","));
  lexer.expect("]");
  return list;
}

// What a default value of a type can be: in words, and as kinds of literals. No words: any literal.
struct Accepts {
  std::string_view words;
  std::vector<Kind> kinds;
};

Accepts accepted_by(TypeKind kind) {
  switch (kind) {
    case TypeKind::integer:
    case TypeKind::sym_int:
      return {"an integer", {Kind::integer}};
    case TypeKind::scalar_type:
    case TypeKind::layout:
    case TypeKind::memory_format:
      return {"an integer or its name", {Kind::integer}};
    case TypeKind::real:
      return {"a number", {Kind::integer, Kind::real}};
    case TypeKind::complex:
      return {"a number, perhaps complex", {Kind::integer, Kind::real, Kind::complex}};
    case TypeKind::number:
      return {"a number, perhaps complex", {Kind::integer, Kind::real, Kind::complex, Kind::boolean}};
    case TypeKind::boolean:
      return {"True or False", {Kind::boolean}};
    case TypeKind::string:
    case TypeKind::dimname:
    case TypeKind::device:
      return {"a quoted string", {Kind::string}};
    case TypeKind::variable:
    case TypeKind::any:
    case TypeKind::union_of:
      return {"", {}};
    default:
      return {"None", {Kind::none}};
  }
}

bool accepts_only_none(const Type& type) { return accepted_by(type.kind).words == "None"; }

// The literal as a value of the type, if it can be one.
std::optional<Literal> fitted(Literal literal, const Type& type) {
  if (type.kind == TypeKind::optional) {
    if (literal.kind == Kind::none) return literal;
    const Type& held = type.element();
    // One element for an optional list stays one element, as in int[1]? dim=1.
    const bool single = held.kind == TypeKind::list && held.fixed_size && literal.kind != Kind::list;
    return fitted(std::move(literal), single ? held.element() : held);
  }
  if (type.kind == TypeKind::list) {
    if (accepts_only_none(innermost(type))) return std::nullopt;
    if (literal.kind != Kind::list) {
      if (!type.fixed_size) return std::nullopt;
      std::optional<Literal> element = fitted(std::move(literal), type.element());
      if (!element) return std::nullopt;
      const auto size = static_cast<size_t>(*type.fixed_size);
      return Literal{.kind = Kind::list, .list = std::vector<Literal>(size, *element)};
    }
    for (Literal& element : literal.list) {
      std::optional<Literal> held = fitted(std::move(element), type.element());
      if (!held) return std::nullopt;
      element = *std::move(held);
    }
    return literal;
  }
  const Accepts accepted = accepted_by(type.kind);
  if (!accepted.words.empty() && std::ranges::find(accepted.kinds, literal.kind) == accepted.kinds.end())
    return std::nullopt;
  const bool widened = type.kind == TypeKind::real || type.kind == TypeKind::complex;
  if (widened && literal.kind == Kind::integer)
    return Literal{.kind = Kind::real, .real = static_cast<double>(literal.integer)};
  return literal;
}

std::string expected_text(const Type& type) {
  if (type.kind == TypeKind::optional) return "None or " + expected_text(type.element());
  if (type.kind != TypeKind::list) return std::string(accepted_by(type.kind).words);
  if (accepts_only_none(innermost(type))) return "not possible";
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
  if (!literal)
    lexer.refuse(at, fmt::format("a default of '{}' is {}", to_string(type), expected_text(type)));
  return *std::move(literal);
}

std::string to_string(const Literal& literal, const Type& type) {
  // A list of fixed size with equal elements is printed as one element, as in int[2] stride=1.
  const bool repeated =
      type.kind == TypeKind::list && type.fixed_size && literal.list.size() > 1 &&
      literal.list.front().kind != Kind::list &&
      literal.list == std::vector<Literal>(static_cast<size_t>(*type.fixed_size), literal.list.front());
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
  std::vector<std::string> elements;
  for (const Literal& element : literal.list) elements.push_back(to_string(element));
  return fmt::format("[{}]", fmt::join(elements, ", "));
}

}  // namespace engine
