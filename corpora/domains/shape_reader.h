// ShapeReader: reads sizes, shapes, sets of dtypes and tensors of a domains line; README.md has the grammar.
// Malformed text is an InputError whose `where` is NAME:LINE:COLUMN.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/text_cursor.h"
#include "corpora/domains/spec.h"

namespace corpora {

// A tensor argument that an expression, a shape or a dtype refers to.
struct ArgumentMention {
  std::string name;
  size_t at = 0;  // in the text
};

class ShapeReader {
 public:
  ShapeReader(Cursor& cursor, SymbolNames& names) : cursor_(cursor), names_(names) {}

  std::vector<ShapeTerm> shape();
  Expr expression();
  TensorSpec tensor();  // after the word "tensor"
  DTypeSet dtype_set();
  // Takes a number with a point or an exponent and returns its text; empty if there is none. "1..3" is two
  // whole numbers.
  std::string take_real();
  double real_number();
  std::string_view digits() { return cursor_.take_while(is_digit); }

  void blanks();  // also those between a line and the indented line that continues it
  bool take(std::string_view what);
  void expect(char what, std::string_view context);
  std::string name(std::string_view expected);
  int32_t shape_symbol(const std::string& word);
  int32_t size_symbol(const std::string& word);
  // Those that were read so far.
  const std::vector<ArgumentMention>& mentions() const { return mentions_; }

 protected:
  Cursor& cursor_;

 private:
  Expr product();
  Expr factor();
  Expr named_factor(const std::string& word);
  Expr shape_question(Expr::Kind kind);
  ShapeTerm shape_term();
  ShapeTerm shape_function(std::string_view word, ShapeTerm::Kind kind);
  void tensor_word(TensorSpec& tensor, std::string_view word);
  bool fill_word(TensorSpec& tensor, std::string_view word);
  bool bounds_word(TensorSpec& tensor, std::string_view word);
  void between(TensorSpec& tensor);
  void columns(TensorSpec& tensor);
  std::string mention();

  SymbolNames& names_;
  std::vector<ArgumentMention> mentions_;
};

}  // namespace corpora
