// Catalog: the operators of a subject, with what drawing and oracles need to know about them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/dtype_set.h"
#include "engine/dispatch/schema.h"

namespace corpora {

struct Operator {
  engine::Schema schema;
  std::string name = {};          // schema.qualified(); set by the catalog if empty
  bool random = false;            // values also depend on a random number generator
  bool changes_geometry = false;  // written arguments may change sizes or strides (squeeze_, resize_, ...)
  bool off_limits = false;  // touches files, networks, processes or profilers: drawn only if --ops names it
  bool runnable = true;     // some kernel runs on this machine's CPU
  bool by_author = false;   // registered by what the user loads, not by the library under test
  uint32_t number = 0;      // set by the catalog; unique in this process
};

class Catalog {
 public:
  Catalog() = default;
  // Sorts by name and numbers.
  explicit Catalog(std::vector<Operator> operators, DTypeSet dtypes = computed_dtypes);

  DTypeSet dtypes() const { return dtypes_; }  // that the subject has: no others are drawn
  const std::vector<Operator>& operators() const { return operators_; }
  const Operator* find(std::string_view qualified) const;  // nullptr if absent

 private:
  std::vector<Operator> operators_;
  DTypeSet dtypes_ = computed_dtypes;
};

// Indices of the operators that the globs select, in catalog order. A glob matches the qualified name with
// overload. A bare "add" means "aten::add*"; other patterns without "::" are in namespace aten; "aten::add"
// means its overloads if no operator has that name. Without patterns, all operators but the off-limits ones
// are selected; a wildcard selects off-limits operators only if it matches no others. Throws
// engine::InputError("--ops", ...) for a pattern that matches nothing.
std::vector<size_t> select(const Catalog& catalog, const std::vector<std::string>& patterns);

// Whether the shell-style pattern, with * and ?, matches the whole text.
bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace corpora
