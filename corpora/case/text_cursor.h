// Cursor: reads text and reports errors with their position, "NAME:LINE:COLUMN", both counted from 1 and the
// column in bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace corpora {

constexpr bool is_lower(char x) { return x >= 'a' && x <= 'z'; }
constexpr bool is_upper(char x) { return x >= 'A' && x <= 'Z'; }
constexpr bool is_digit(char x) { return x >= '0' && x <= '9'; }
constexpr bool is_name_character(char x) { return is_lower(x) || is_upper(x) || is_digit(x) || x == '_'; }

class Cursor {
 public:
  Cursor(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  size_t at() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool starts(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  // Spaces, tabs, carriage returns, comments from # to the end of the line and, if requested, newlines.
  void skip_blanks(bool newlines);
  // Takes `what` if it is next.
  bool take(char what) { return take(std::string_view(&what, 1)); }
  bool take(std::string_view what);
  // The longest run of characters that `accepts`; may be empty.
  template <class Accepts>
  std::string_view take_while(Accepts&& accepts) {
    word_at_ = at_;
    while (!at_end() && accepts(text_[at_])) ++at_;
    return text_.substr(word_at_, at_ - word_at_);
  }
  // Letters, digits and . _ + - :
  std::string_view word();
  std::string_view next_word() {  // after blanks
    skip_blanks(false);
    return word();
  }
  // As far as the next blank, newline or #.
  std::string_view bare();
  // Takes `what` or fails; `context` completes "expected 'x' ".
  void expect(char what, std::string_view context);
  // Reads with `element` what is separated by commas, and takes `close`. Messages say "after `what`".
  template <class Element>
  void take_list(char close, std::string_view what, Element&& element) {
    skip_blanks(true);
    for (bool first = true; !take(close); first = false) {
      if (!first) expect_comma(close, what);
      element();
      skip_blanks(true);
    }
  }
  // A string in these quotes. Escapes: \\ \n \t \r \' \" \xHH.
  std::string quoted(char quote);
  // What is next, for messages: a word in quotes, one character, "end of line" or "end of text".
  std::string found() const;

  size_t line_of(size_t where) const;
  size_t column_of(size_t where) const;

  [[noreturn]] void fail(size_t where, const std::string& message) const;  // throws engine::InputError
  [[noreturn]] void fail(const std::string& message) const { fail(at_, message); }
  // Fails at the beginning of what the last word(), bare() or take_while() returned.
  [[noreturn]] void fail_at_word(const std::string& message) const { fail(word_at_, message); }

 private:
  void expect_comma(char close, std::string_view what);
  char escaped(size_t start);
  std::string_view text_;
  std::string name_;
  size_t at_ = 0;
  size_t word_at_ = 0;
};

}  // namespace corpora
