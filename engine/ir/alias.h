// AliasAnalysis: which values of a graph may share memory, and what each node may write. AliasKind says how
// an operator is analysed. Promises: conservative: if two values share memory in some run, may_alias() is
// true; if a node writes memory of a value in some run, may_write() is true, as far as schemas are true.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/ir/graph.h"

namespace engine::ir {

enum class AliasKind : uint8_t {
  special_case,  // the analysis has a function for it
  conservative,  // may write each tensor that it takes, and return any memory
  from_schema,   // its schema's annotations are complete
  pure_function  // writes nothing and returns new memory
};
std::string_view name_of(AliasKind kind);

// The kinds of operators by name. Operators that the engine declares are `from_schema`, others `conservative`
// unless they are set.
class AliasKinds {
 public:
  AliasKinds();  // the primitives are special cases
  void set(std::string name, AliasKind kind) { kinds_[std::move(name)] = kind; }
  AliasKind of(const std::string& name) const;
  // One line for each operator that is a special case without a function in the analysis, or has a function
  // without being one.
  std::vector<std::string> faults() const;

 private:
  std::map<std::string, AliasKind> kinds_;
};

class AliasAnalysis {
 public:
  // Throws Error(internal) if the kinds have faults.
  AliasAnalysis(const Graph& graph, const AliasKinds& kinds);

  bool may_alias(ValueId a, ValueId b) const;
  bool may_write(size_t node, ValueId value) const;
  bool writes(size_t node) const { return !written_[node].empty() || writes_all_[node]; }

 private:
  using Sets = std::vector<int32_t>;  // parents of a union of disjoint sets

  int32_t set_of(ValueId value) const;
  void join(ValueId a, ValueId b);
  void make_wildcard(ValueId value) { wildcard_[static_cast<size_t>(value)] = true; }
  bool is_wildcard(ValueId value) const;
  void analyse_schema(size_t index, const Node& node);
  void analyse_unknown(size_t index, const Node& node);

  Sets sets_;
  std::vector<bool> wildcard_;
  std::vector<std::vector<ValueId>> written_;  // of each node
  std::vector<bool> writes_all_;
};

}  // namespace engine::ir
