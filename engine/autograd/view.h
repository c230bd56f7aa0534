// View: the base of a view and the calls that made it. Promises: of() repeats the calls on any tensor with
// the geometry of the base; a view of a view has the same base. Refuses, by Error, a base whose geometry has
// changed.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/core/geometry.h"
#include "engine/core/value.h"
#include "engine/dispatch/operator.h"

namespace engine::autograd {

// One call; its first argument is the result of the calls before it.
struct ViewStep : RefCounted {
  ViewStep(Operator called, std::vector<Value> others, size_t which, Intrusive<ViewStep> earlier)
      : op(called), other_arguments(std::move(others)), result(which), before(std::move(earlier)) {}

  Operator op;
  std::vector<Value> other_arguments;
  size_t result;  // its place in a list of results
  Intrusive<ViewStep> before;
};

// How a view was made decides whether it may be written while calls are recorded.
enum class ViewMade : uint8_t { recorded, without_grad, in_inference, one_of_several, by_custom_function };

struct View {
  Tensor base;
  Geometry geometry;  // of the base, and its offset, when it was viewed
  int64_t offset = 0;
  Intrusive<ViewStep> last;
  ViewMade made = ViewMade::recorded;

  // Whether gradients flow from the view to its base.
  bool is_recorded() const { return made == ViewMade::recorded || made == ViewMade::one_of_several; }

  Tensor of(const Tensor& other) const;
  Tensor of_base() const;  // refuses a base whose geometry has changed
  // With the geometry of the base.
  Tensor zeros_like_base(Dispatcher& dispatcher, DType dtype, Device device) const;
  // A copy of `values` with the geometry of the base.
  Tensor like_base(Dispatcher& dispatcher, const Tensor& values) const;
};

}  // namespace engine::autograd
