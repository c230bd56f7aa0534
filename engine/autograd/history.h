// History: what autograd knows of one tensor, stored as Tensor::autograd(); most tensors have none. A tensor
// that requires grad is a leaf, where gradients end, or the result of a recorded call. Promises: after a
// write to the base of a view, edge_of() the view is the edge of its current values; histories own no cycles.
#pragma once

#include <optional>
#include <vector>

#include "engine/autograd/node.h"
#include "engine/autograd/view.h"

namespace engine::autograd {

// Whether tensors of the dtype have gradients.
constexpr bool differentiable(DType dtype) { return is_floating(dtype) || is_complex(dtype); }

// Makes the tensor a leaf, unless it is the result of a recorded call. Refuses integers.
void require_grad(const Tensor& tensor);
bool requires_grad(const Tensor& tensor);
bool is_leaf(const Tensor& tensor);
// The sum of what arrived at a leaf, or the gradient that a tensor retains; undefined if nothing arrived.
Tensor gradient_of(const Tensor& tensor);
// Replaces the gradient of a leaf.
void set_gradient(const Tensor& leaf, Tensor gradient);

// Keeps the gradient of a tensor that is not a leaf, also after it is written in place.
void retain_gradient(const Tensor& tensor);
// The hook sees the gradient of the tensor's current values, once a pass. Refuses a tensor that requires no
// grad.
uint64_t add_hook(const Tensor& tensor, TensorHook hook);
void remove_hook(const Tensor& tensor, uint64_t id);

// Where a gradient of the tensor goes; no edge if it requires none.
Edge edge_of(const Tensor& tensor);
// The tensor is result number `result` of the node's step, and not a leaf.
void set_history(const Tensor& tensor, Intrusive<Node> node, size_t result);

// The tangents of a tensor, of all levels: what forward_mode.h stores. A tangent whose level ended has no
// meaning.
struct Tangent {
  uint64_t level;
  Tensor value;
};
std::vector<Tangent>* tangents_of(const Tensor& tensor);  // null if it has none
std::vector<Tangent>& own_tangents(const Tensor& tensor);

// Null if it is not a view, or if no recorded call made it.
const View* view_of(const Tensor& tensor);
void set_view(const Tensor& tensor, View view);
// After a write into the view: the base has the new history; edge_of() the view derives its own.
void follow_base(const Tensor& view);

}  // namespace engine::autograd
