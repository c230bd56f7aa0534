// View: how a tensor came to be a view: of which base, by which calls. Promises: of() makes the same view of
// any tensor that lies in memory as the base did, by the same calls; views of views are views of one base.
// Refuses, by Error, to follow a base whose own geometry has changed since.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/core/geometry.h"
#include "engine/core/value.h"
#include "engine/dispatch/operator.h"

namespace engine::autograd {

// One call, and those before it: its first argument is what they give.
struct ViewStep : RefCounted {
  ViewStep(Operator called, std::vector<Value> others, size_t which, Intrusive<ViewStep> earlier)
      : op(called), other_arguments(std::move(others)), result(which), before(std::move(earlier)) {}

  Operator op;
  std::vector<Value> other_arguments;
  size_t result;  // of a list, which
  Intrusive<ViewStep> before;
};

struct View {
  Tensor base;
  Geometry geometry;  // of the base, when it was viewed
  int64_t offset = 0;
  Intrusive<ViewStep> last;
  bool unrecorded = false;  // made while this thread did not record: no gradient passes it

  // The view `step` of `tensor`, which may be a view itself.
  static View of_tensor(const Tensor& tensor, const View* earlier);

  Tensor of(const Tensor& other) const;
  Tensor of_base() const;  // checked: the base lies as it did
  // A copy of `values` that lies in memory as the base did.
  Tensor like_base(Dispatcher& dispatcher, const Tensor& values) const;
};

}  // namespace engine::autograd
