// SchemaLexer: the tokens of a schema's text, with two tokens of look-ahead.
// Promises: never reads outside the text, whatever its bytes; skips white space and #-comments. A byte that
// cannot start a token becomes a `bad` token. The parser refuses it when it reads it, so that the first error
// in reading order is reported.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace engine {

struct SchemaToken {
  enum class Kind : uint8_t { name, number, string, symbol, bad, end };
  Kind kind = Kind::end;
  std::string_view text;  // of strings: with their quotes
  size_t at = 0;          // offset of the first byte

  bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
};

class SchemaLexer {
 public:
  explicit SchemaLexer(std::string_view text);

  const SchemaToken& peek() const { return current_; }
  const SchemaToken& peek_second() const { return following_; }
  SchemaToken next();

  bool take(std::string_view symbol);    // consumes it if it is next
  void expect(std::string_view symbol);  // refuses anything else
  SchemaToken expect(SchemaToken::Kind kind, std::string_view what);

  [[noreturn]] void refuse(size_t at, const std::string& message) const;
  [[noreturn]] void refuse_current(std::string_view expected) const;  // "expected X, found Y"

 private:
  SchemaToken read();
  SchemaToken read_string();
  size_t number_end(size_t at) const;

  std::string_view text_;
  size_t at_ = 0;
  SchemaToken current_, following_;
};

}  // namespace engine
