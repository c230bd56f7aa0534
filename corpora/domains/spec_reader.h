// SpecReader: the parts of a domains line to the right of its globs, read from text. The grammar stands in
// README.md. Refuses malformed text with an InputError whose `where` is NAME:LINE:COLUMN.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/text_cursor.h"
#include "corpora/domains/spec.h"

namespace corpora {

// Names of symbols in the order of their numbers.
struct SymbolNames {
  std::vector<std::string> sizes;
  std::vector<std::string> shapes;
};

class SpecReader {
 public:
  SpecReader(Cursor& cursor, SymbolNames& names) : cursor_(cursor), names_(names) {}

  // item { ; item }, up to the end of the line, || or, inside result(), its parenthesis.
  std::vector<Assignment> items();

 private:
  void blanks();
  bool take(char what);
  bool at_or_else();  // || stands here
  void expect(char what, std::string_view context);
  std::string name(std::string_view expected);
  double real_number();

  void item(std::vector<Assignment>& into);
  void let(std::vector<Assignment>& into);

  Spec spec();
  Spec term();
  Spec primary();
  Spec named(const std::string& word, size_t at);
  Spec of_numbers(Expr first);
  Spec reals();
  Spec tensor();
  Spec sequence();
  Spec repeated();
  Spec result();
  Spec of_shape(Spec::Kind kind);
  Spec of_dtypes();
  void tensor_word(TensorSpec& tensor, const std::string& word, size_t at);
  bool fill_word(TensorSpec& tensor, const std::string& word);
  bool values_word(TensorSpec& tensor, const std::string& word);
  std::vector<double> listed_numbers();

  DTypeSet dtype_set();
  DTypeSet dtypes_named(const std::string& word, size_t at);

  std::vector<ShapeTerm> shape();
  ShapeTerm shape_term();
  ShapeTerm shape_function(const std::string& word);
  int32_t shape_symbol(const std::string& word);
  int32_t size_symbol(const std::string& word);

  Expr expression();
  Expr product();
  Expr factor();
  Expr named_factor(const std::string& word);
  Expr shape_question(Expr::Kind kind);

  Cursor& cursor_;
  SymbolNames& names_;
};

}  // namespace corpora
