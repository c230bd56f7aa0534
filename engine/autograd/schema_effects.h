// SchemaEffects: what an operator's schema says about its results: whether it writes, and which result is a
// view of which argument. Refuses, by Error, schemas that the opt-in kernels cannot serve. DebugChecks:
// whether a kernel did what its schema says.
#pragma once

#include <vector>

#include "engine/core/stack.h"
#include "engine/dispatch/operator.h"

namespace engine::autograd {

struct SchemaEffects {
  explicit SchemaEffects(const Schema& schema);  // refuses several views, or several viewed arguments
  // Refuses a view whose base is not the first argument, or that is not the first result.
  void check_places(const Schema& schema) const;

  bool writes = false;
  bool views = false;
  int viewed_argument = -1, view_result = -1;
};

class DebugChecks {
 public:
  DebugChecks(const Call& call, const Stack& stack);  // before the call
  void after(const Stack& stack) const;

 private:
  const Call& call_;
  bool enabled_;
  size_t below_ = 0;
  std::vector<Tensor> inputs_;
  std::vector<Storage> storages_;
};

}  // namespace engine::autograd
