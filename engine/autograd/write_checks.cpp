#include "engine/autograd/write_checks.h"

#include "engine/autograd/history.h"
#include "engine/core/error.h"
#include "engine/dispatch/written_tensors.h"
#include "engine/ops/geometry_rules.h"

namespace engine::autograd {

namespace {

constexpr const char* leaf_is_written =
    "a leaf Variable that requires grad is being used in an in-place operation.";

void check_made(const View& view) {
  switch (view.made) {
    case ViewMade::recorded:
      return;
    case ViewMade::without_grad:
      throw Error("A view was created in no_grad mode and is being modified inplace with grad mode enabled.");
    case ViewMade::in_inference:
      throw Error("A view was created in inference mode and is being modified inplace in normal mode.");
    case ViewMade::one_of_several:
      throw Error(
          "Output of a function that returns multiple views is a view and is being modified inplace. Such "
          "functions do not allow the output views to be modified inplace.");
    case ViewMade::by_custom_function:
      throw Error(
          "Output of a custom function is a view and is being modified inplace. mutating the view is "
          "forbidden.");
  }
}

}  // namespace

void check_write(const Tensor& to) {
  if (!differentiable(to.dtype())) return;  // no history is rewritten
  if (requires_grad(to) && is_leaf(to)) throw Error(leaf_is_written);
  const View* const view = view_of(to);
  if (!view) return;
  if (requires_grad(view->base) && is_leaf(view->base))
    throw Error(std::string("a view of ") + leaf_is_written);
  check_made(*view);
  if (ops::overlaps_itself(view->base))
    throw Error("a view is being modified inplace whose base reaches an element more than once.");
}

void check_writes(const Schema& schema, std::span<const Value> arguments) {
  for_each_written_tensor(schema, arguments, [&](const WrittenTensor& written) {
    if (written.argument.is_out())
      throw Error(schema.qualified() +
                  "(): functions with out=... arguments don't support automatic differentiation, but one of "
                  "the arguments requires grad.");
    check_write(written.tensor);
  });
}

}  // namespace engine::autograd
