// Catalog: the operators that a subject offers, as drawing and judging need to know them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dispatch/schema.h"

namespace corpora {

struct Operator {
  engine::Schema schema;
  std::string name;               // schema.qualified()
  bool random = false;            // draws from a generator: values are a function of the stream, too
  bool changes_geometry = false;  // written arguments may change sizes or strides (squeeze_, resize_, ...)
  bool off_limits = false;  // touches files, networks, processes or profilers: drawn only when named by --ops
  bool runnable = true;     // some kernel can serve it on this machine's CPU
  uint32_t number = 0;  // from its catalog, no other's in this process: the place of what is kept about it
};

class Catalog {
 public:
  Catalog() = default;
  explicit Catalog(std::vector<Operator> operators);  // sorted by name and numbered here

  const std::vector<Operator>& operators() const { return operators_; }
  const Operator* find(std::string_view qualified) const;  // nullptr when absent

 private:
  std::vector<Operator> operators_;
};

// Indices of the operators that the globs select, in catalog order, matched against the qualified name with
// overload. A bare "add" means "aten::add*"; a pattern without "::" is tried in namespace aten; "aten::add",
// where that is no operator by itself, means its overloads. No patterns: all but the off-limits ones; a
// wildcard selects those only where it matches nothing else. Throws engine::InputError("--ops", ...) for a
// pattern that matches nothing.
std::vector<size_t> select(const Catalog& catalog, const std::vector<std::string>& patterns);

// Shell-style match with * and ?, over the whole text.
bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace corpora
