// Symbolic rules: the geometry of results as expressions of the geometry of arguments. An operator without a
// rule here is run with the numbers of the case at hand, to which its arguments are specialized.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/stack.h"
#include "engine/core/symbolic_geometry.h"
#include "engine/dispatch/kernel.h"

namespace engine::fake {

struct SymbolicView {
  SymDims sizes, strides;
  SymInt offset;
};

// The arguments of a call, before symbols are replaced by numbers.
class SymbolicArguments {
 public:
  SymbolicArguments(const Schema& schema, const Stack& values) : schema_(schema), values_(values) {}

  const Schema& schema() const { return schema_; }
  size_t size() const { return values_.size(); }
  const Value& operator[](size_t i) const { return values_[i]; }
  // Refuses undefined tensors.
  const Tensor& tensor(size_t i) const;
  SymDims sizes(size_t i) const { return sym_sizes(tensor(i)); }
  SymbolicView view(size_t i) const;
  std::optional<size_t> place(std::string_view name) const;

 private:
  const Schema& schema_;
  const Stack& values_;
};

struct SymbolicResult {
  SymDims sizes;
  bool is_view = false;
  SymDims strides = {};  // of a view; others are dense
  SymInt offset = {};
};

// Of a call's results in order; nothing if the operator has no rule. A comparison in a rule becomes a guard.
// Raises what the call would raise about sizes.
std::optional<std::vector<SymbolicResult>> symbolic_results(const Call& call, const SymbolicArguments& args);

}  // namespace engine::fake
