// RecordViews: the boxed kernel of a view operator at ADInplaceOrView. It calls the kernels below, and notes
// for each result which tensor it is a view of and how it was made. Promises: views are recorded here and
// nowhere else, whether or not a gradient is recorded; a view of an inference tensor is not recorded.
#pragma once

#include <optional>

#include "engine/autograd/view.h"
#include "engine/ops/register_operators.h"

namespace engine::autograd {

struct RecordViews {
  const ops::OperatorDeclaration* declaration =
      nullptr;  // null: not declared, never a form that reshapes in place
  ops::Form form = ops::Form::functional;

  void operator()(const Call& call, Stack& stack) const;
};

// Records the views that one call makes. Constructed before the call, which may change its arguments.
class ViewsMade {
 public:
  // `repeated` makes the same view of another tensor: the functional form, if the call reshapes in place.
  ViewsMade(Operator repeated, std::span<const Value> arguments);
  // Only the first tensor of the arguments can be viewed.
  void note(std::span<const Value> results);
  // Instead of what the thread's modes say.
  void made(ViewMade how) { made_ = how; }

 private:
  ViewMade how_made(std::span<const Value> results) const;

  Operator op_;
  Tensor viewed_;
  std::vector<Value> others_;
  View view_;
  std::optional<ViewMade> made_;
};

}  // namespace engine::autograd
