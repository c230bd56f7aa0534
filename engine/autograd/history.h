// History: what autograd knows of one tensor, hung on it as Tensor::autograd(); most tensors have none. A
// tensor that requires grad is a leaf, where gradients end, or the result of a recorded call. Promises:
// asking for the edge of a view whose base was written since gives the edge of what the view shows now;
// nothing here holds a tensor that holds it.
#pragma once

#include <optional>

#include "engine/autograd/node.h"
#include "engine/autograd/view.h"

namespace engine::autograd {

// Only these have gradients.
constexpr bool differentiable(DType dtype) { return is_floating(dtype) || is_complex(dtype); }

// Makes a leaf of it. Refuses integers; what a call computed already has a history.
void require_grad(const Tensor& tensor);
bool requires_grad(const Tensor& tensor);
bool is_leaf(const Tensor& tensor);
// What arrived at a leaf; undefined when nothing did.
Tensor gradient_of(const Tensor& tensor);

// Where a gradient of the tensor goes; no edge when it requires none.
Edge edge_of(const Tensor& tensor);
// The tensor is the `result`th that the node's step computed, and a leaf no more.
void set_history(const Tensor& tensor, Intrusive<Node> node, size_t result);

// nullptr: not a view, or nobody saw it made.
const View* view_of(const Tensor& tensor);
void set_view(const Tensor& tensor, View view);
// The base has the history; the view's own is found again when somebody asks.
void follow_base(const Tensor& view);

}  // namespace engine::autograd
