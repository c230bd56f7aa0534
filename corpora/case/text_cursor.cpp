#include "corpora/case/text_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/core/input_error.h"

namespace corpora {

void Cursor::skip_blanks(bool newlines) {
  for (; !at_end(); ++at_) {
    const char x = text_[at_];
    if (x == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      if (at_end() || !newlines) return;
    } else if (x != ' ' && x != '\t' && x != '\r' && !(newlines && x == '\n')) {
      return;
    }
  }
}

bool Cursor::take(std::string_view what) {
  if (!starts(what)) return false;
  at_ += what.size();
  return true;
}

void Cursor::expect(char what, std::string_view context) {
  if (!take(what)) fail(fmt::format("expected '{}' {}, found {}", what, context, found()));
}

std::string_view Cursor::word() {
  return take_while(
      [](char x) { return is_name_character(x) || x == '.' || x == '+' || x == '-' || x == ':'; });
}

std::string_view Cursor::bare() {
  return take_while([](char x) { return std::string_view(" \t\r\n#").find(x) == std::string_view::npos; });
}

char Cursor::escaped(size_t start) {
  switch (const char x = peek(); x) {
    case 'n':
      return ++at_, '\n';
    case 't':
      return ++at_, '\t';
    case 'r':
      return ++at_, '\r';
    case '\\':
    case '"':
    case '\'':
      return ++at_, x;
    case 'x': {
      const std::string_view digits = text_.substr(at_ + 1, 2);
      uint8_t byte = 0;
      const char* const end = std::from_chars(digits.begin(), digits.end(), byte, 16).ptr;
      if (end != digits.begin() + 2) fail(start, "\\x takes two hex digits");
      at_ += 3;
      return static_cast<char>(byte);
    }
    default:
      fail(start, "unknown escape; expected one of \\\\ \\n \\t \\r \\' \\\" \\xHH");
  }
}

void Cursor::expect_comma(char close, std::string_view what) {
  expect(',', fmt::format("or '{}' after {}", close, what));
  skip_blanks(true);
}

std::string Cursor::quoted(char quote) {
  const size_t open = at_;
  expect(quote, "to open a string");
  std::string content;
  for (;;) {
    if (at_end() || peek() == '\n') fail(open, fmt::format("the string has no closing {}", quote));
    const size_t start = at_;
    const char x = text_[at_++];
    if (x == quote) return content;
    content.push_back(x == '\\' ? escaped(start) : x);
  }
}

std::string Cursor::found() const {
  if (at_end()) return "end of text";
  if (peek() == '\n') return "end of line";
  Cursor ahead = *this;
  std::string_view seen = ahead.word();
  if (seen.empty()) {
    const auto x = static_cast<unsigned char>(peek());
    return x >= 32 && x < 127 ? fmt::format("'{}'", peek()) : fmt::format("byte 0x{:02x}", x);
  }
  return seen.size() <= 40 ? fmt::format("'{}'", seen) : fmt::format("'{}...'", seen.substr(0, 40));
}

size_t Cursor::line_of(size_t where) const {
  const std::string_view before = text_.substr(0, where);
  return 1 + static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
}

size_t Cursor::column_of(size_t where) const {
  const size_t newline = text_.substr(0, where).rfind('\n');
  return newline == std::string_view::npos ? where + 1 : where - newline;
}

void Cursor::fail(size_t where, const std::string& message) const {
  throw engine::InputError(fmt::format("{}:{}:{}", name_, line_of(where), column_of(where)), message);
}

}  // namespace corpora
