// Cursor: reading text of people and refusing it at the right place. Positions become "NAME:LINE:COLUMN",
// both counted from 1 and the column in bytes, only when something is refused.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace corpora {

class Cursor {
 public:
  Cursor(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  size_t at() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool starts(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  // Spaces, tabs, carriage returns and comments from # to the end of the line; newlines, too, where asked.
  void skip_blanks(bool newlines);
  // Takes `what` when it stands here.
  bool take(char what);
  // Takes `what` or refuses; `context` completes "expected 'x' ".
  void expect(char what, std::string_view context);
  // The longest run of letters, digits and . _ + - : here; may be empty.
  std::string_view word();
  // As far as the next blank, newline or #; may be empty.
  std::string_view bare();
  // A string in the given quotes, the first of which stands here. Escapes: \\ \n \t \r \' \" \xHH.
  std::string quoted(char quote);
  // What stands here, for messages: a word in quotes, one character, "end of line" or "end of text".
  std::string found() const;

  size_t line_of(size_t where) const;

  [[noreturn]] void fail(size_t where, const std::string& message) const;  // throws engine::InputError
  [[noreturn]] void fail(const std::string& message) const { fail(at_, message); }

 private:
  char escaped(size_t start);
  std::string_view text_;
  std::string name_;
  size_t at_ = 0;
};

}  // namespace corpora
