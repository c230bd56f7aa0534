#include "corpora/case/text_cursor.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/input_error.h"

namespace corpora {
namespace {

bool is_word_character(char x) {
  return (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9') || x == '_' || x == '.' ||
         x == '+' || x == '-' || x == ':';
}

int hex_digit(char x) {
  if (x >= '0' && x <= '9') return x - '0';
  if (x >= 'a' && x <= 'f') return x - 'a' + 10;
  if (x >= 'A' && x <= 'F') return x - 'A' + 10;
  return -1;
}

}  // namespace

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

bool Cursor::take(char what) {
  if (at_end() || text_[at_] != what) return false;
  ++at_;
  return true;
}

void Cursor::expect(char what, std::string_view context) {
  if (!take(what)) fail(fmt::format("expected '{}' {}, found {}", what, context, found()));
}

std::string_view Cursor::word() {
  const size_t start = at_;
  while (!at_end() && is_word_character(text_[at_])) ++at_;
  return text_.substr(start, at_ - start);
}

std::string_view Cursor::bare() {
  const size_t start = at_;
  while (!at_end() && std::string_view(" \t\r\n#").find(text_[at_]) == std::string_view::npos) ++at_;
  return text_.substr(start, at_ - start);
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
      const int high = at_ + 1 < text_.size() ? hex_digit(text_[at_ + 1]) : -1;
      const int low = at_ + 2 < text_.size() ? hex_digit(text_[at_ + 2]) : -1;
      if (high < 0 || low < 0) fail(start, "\\x takes two hex digits");
      at_ += 3;
      return static_cast<char>(high * 16 + low);
    }
    default:
      fail(start, "unknown escape; the known ones are \\\\ \\n \\t \\r \\' \\\" \\xHH");
  }
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

void Cursor::fail(size_t where, const std::string& message) const {
  const std::string_view before = text_.substr(0, where);
  const size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  throw engine::InputError(fmt::format("{}:{}:{}", name_, line_of(where), where - line_start + 1), message);
}

}  // namespace corpora
