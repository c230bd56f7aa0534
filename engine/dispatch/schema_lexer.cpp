#include "engine/dispatch/schema_lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/core/input_error.h"

namespace engine {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// A token as one short line, for messages.
std::string shown(const SchemaToken& token) {
  if (token.kind == SchemaToken::Kind::end) return "the end";
  constexpr size_t length_max = 32;
  std::string text;
  for (char c : token.text.substr(0, length_max)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e)
      text += fmt::format("\\x{:02x}", byte);
    else
      text += c;
  }
  return fmt::format("'{}{}'", text, token.text.size() > length_max ? "..." : "");
}

}  // namespace

SchemaLexer::SchemaLexer(std::string_view text) : text_(text) {
  current_ = read();
  following_ = read();
}

SchemaToken SchemaLexer::next() {
  const SchemaToken taken = current_;
  current_ = following_;
  following_ = read();
  return taken;
}

bool SchemaLexer::take(std::string_view symbol) {
  if (!current_.is(symbol)) return false;
  next();
  return true;
}

void SchemaLexer::expect(std::string_view symbol) {
  if (!take(symbol)) refuse_current(fmt::format("'{}'", symbol));
}

SchemaToken SchemaLexer::expect(SchemaToken::Kind kind, std::string_view what) {
  if (current_.kind != kind) refuse_current(what);
  return next();
}

void SchemaLexer::refuse(size_t at, const std::string& message) const {
  const std::string_view before = text_.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  throw InputError(fmt::format("schema:{}:{}", line, at - line_start + 1), message);
}

void SchemaLexer::refuse_current(std::string_view expected) const {
  if (current_.kind == SchemaToken::Kind::bad && (current_.text[0] == '"' || current_.text[0] == '\''))
    refuse(current_.at, "the string has no closing quote");
  refuse(current_.at, fmt::format("expected {}, found {}", expected, shown(current_)));
}

SchemaToken SchemaLexer::read() {
  using Kind = SchemaToken::Kind;
  while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == '#')) {
    if (text_[at_] == '#')
      at_ = std::min(text_.find('\n', at_), text_.size());
    else
      ++at_;
  }
  if (at_ == text_.size()) return {Kind::end, {}, at_};
  const size_t start = at_;
  const auto token = [&](Kind kind, size_t end) {
    at_ = end;
    return SchemaToken{kind, text_.substr(start, end - start), start};
  };
  const char c = text_[start];
  if (is_name_start(c)) {
    size_t end = start + 1;
    while (end < text_.size() && is_name_part(text_[end])) ++end;
    return token(Kind::name, end);
  }
  if (c == '"' || c == '\'') return read_string();
  for (std::string_view symbol : {"...", "->"})
    if (text_.substr(start).starts_with(symbol)) return token(Kind::symbol, start + symbol.size());
  if (const size_t end = number_end(start); end != start) {
    const bool runs_on = end < text_.size() && is_name_part(text_[end]);  // 2x
    return token(runs_on ? Kind::bad : Kind::number, runs_on ? end + 1 : end);
  }
  constexpr std::string_view symbols = "()[],.:=*!|?-$";
  return token(symbols.find(c) != std::string_view::npos ? Kind::symbol : Kind::bad, start + 1);
}

SchemaToken SchemaLexer::read_string() {
  const size_t start = at_;
  const char quote = text_[at_++];
  while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n')
    at_ += text_[at_] == '\\' && at_ + 1 < text_.size() ? 2 : 1;
  const bool closed = at_ < text_.size() && text_[at_] == quote;
  if (closed) ++at_;
  return {closed ? SchemaToken::Kind::string : SchemaToken::Kind::bad, text_.substr(start, at_ - start),
          start};
}

// The end of the number that starts at `at` (1, 1., .5, 1e-05, 2j), or `at` if there is none.
size_t SchemaLexer::number_end(size_t at) const {
  const auto digits = [&](size_t from) {
    while (from < text_.size() && is_digit(text_[from])) ++from;
    return from;
  };
  size_t end = digits(at);
  const bool whole = end != at;
  if (end < text_.size() && text_[end] == '.') {
    const size_t fraction = digits(end + 1);
    if (!whole && fraction == end + 1) return at;
    end = fraction;
  } else if (!whole) {
    return at;
  }
  if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
    const bool sign = end + 1 < text_.size() && (text_[end + 1] == '-' || text_[end + 1] == '+');
    const size_t from = end + 1 + (sign ? 1 : 0);
    if (digits(from) != from) end = digits(from);
  }
  if (end < text_.size() && text_[end] == 'j') ++end;
  return end;
}

}  // namespace engine
