// Domains: which arguments make sense for an operator beyond what its schema says, as data, in lines of
//   operator-glob, ... : argument = spec ; argument = spec ...
// corpora/domains/README.md describes the language. All lines whose glob matches an operator apply; of two
// about one argument, the later one. Malformed text is an InputError whose `where` is NAME:LINE:COLUMN. Names
// of operators and arguments are not checked: a library need not have all operators of a file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/catalog.h"
#include "corpora/domains/spec.h"

namespace corpora {

struct DomainLine {
  std::vector<std::string> globs;
  std::vector<Assignments> alternatives;  // at least one: one is chosen in each draw
  int number = 0;                         // in its file, from 1

  // The line is about all operators: arguments with a default often keep it.
  bool is_general() const { return globs.size() == 1 && globs.front() == "*"; }
  bool matches(std::string_view qualified) const;
};

// The lines about one operator, matched with its schema.
struct OperatorDomain {
  struct Item {
    Assignment::Target target;
    int32_t index = -1;  // of the argument, or the symbol
    const Spec* spec = nullptr;
    bool general = false;
  };
  struct Line {
    std::vector<std::vector<Item>> alternatives;
  };
  std::vector<Line> lines;
};

class Domains {
 public:
  Domains();
  ~Domains();
  Domains(Domains&&) noexcept;
  Domains& operator=(Domains&&) noexcept;

  static Domains parse(std::string_view text, std::string_view name);
  // These lines, then those of an author's text, whose symbols are the same. There an operator pattern that
  // matches nothing in the catalog is an error, and so is an item that none of a line's operators can have.
  Domains with(std::string_view text, std::string_view name, const Catalog& catalog) const;
  static const Domains& torch();  // the built-in ones, compiled in from torch.domains
  static std::string_view torch_text();

  const std::vector<DomainLine>& lines() const { return lines_; }
  size_t size_symbols() const { return symbols_.sizes.size(); }
  size_t shape_symbols() const { return symbols_.shapes.size(); }

  // Computed once for each operator and kept. Thread-safe.
  const OperatorDomain& of(const Operator& op) const;

 private:
  struct Cache;
  OperatorDomain lines_about(const Operator& op) const;
  void read(std::string_view text, std::string_view name, const Catalog* catalog);

  std::vector<DomainLine> lines_;
  SymbolNames symbols_;  // the first shape symbol is S...
  std::unique_ptr<Cache> cache_;
};

// The symbol S..., the shape of tensors that no line is about; the same number in every file.
inline constexpr int32_t common_shape = 0;

}  // namespace corpora
