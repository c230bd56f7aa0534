#include "engine/autograd/history.h"

#include "engine/autograd/grad_mode.h"
#include "engine/core/error.h"
#include "engine/dispatch/thread_keys.h"

namespace engine::autograd {

namespace {

struct History : RefCounted {
  Intrusive<Node> node;  // of the step that computed the tensor, or its Leaf
  size_t result = 0;
  bool leaf = false;
  std::optional<View> view;
  uint32_t version = 0;  // of the memory for which `node` is right
  bool outdated = false;
};

History* history_of(const Tensor& tensor) {
  return tensor.defined() ? static_cast<History*>(tensor.autograd().get()) : nullptr;
}

History& own_history(const Tensor& tensor) {
  if (!tensor.autograd()) tensor.set_autograd(make_intrusive<History>());
  return *history_of(tensor);
}

bool is_stale(const Tensor& tensor, const History& history) {
  return history.view && !history.view->unrecorded && history.view->base.requires_grad() &&
         (history.outdated || history.version != tensor.version());
}

// Repeats the calls that made the view, recorded, and takes the result's history.
void renew(const Tensor& tensor, History& history) {
  const GradMode on(true);
  const ForceKeys usual{ThreadKeys{}};
  const Tensor again = history.view->of_base();
  const History* const made = history_of(again);
  history.node = made ? made->node : nullptr;
  history.result = made ? made->result : 0;
  history.version = tensor.version();
  history.leaf = history.outdated = false;
  tensor.set_requires_grad(static_cast<bool>(history.node));
}

}  // namespace

void require_grad(const Tensor& tensor) {
  if (!differentiable(tensor.dtype()))
    throw Error("only Tensors of floating point and complex dtype can require gradients");
  History& history = own_history(tensor);
  if (history.node && !history.leaf) return;
  history.node = make_intrusive<Leaf>(tensor);
  history.leaf = true;
  history.version = tensor.version();
  tensor.set_requires_grad(true);
}

bool requires_grad(const Tensor& tensor) {
  if (tensor.requires_grad()) return true;
  const History* const history = history_of(tensor);
  return history && is_stale(tensor, *history);
}

bool is_leaf(const Tensor& tensor) {
  const History* const history = history_of(tensor);
  return !requires_grad(tensor) || (history && history->leaf && !is_stale(tensor, *history));
}

Tensor gradient_of(const Tensor& tensor) {
  const History* const history = history_of(tensor);
  return history && history->leaf ? static_cast<const Leaf&>(*history->node).gradient() : Tensor();
}

Edge edge_of(const Tensor& tensor) {
  History* const history = history_of(tensor);
  if (!history) return {};
  if (is_stale(tensor, *history)) renew(tensor, *history);
  return tensor.requires_grad() ? Edge{history->node, history->result} : Edge{};
}

void set_history(const Tensor& tensor, Intrusive<Node> node, size_t result) {
  History& history = own_history(tensor);
  history.node = std::move(node);
  history.result = result;
  history.version = tensor.version();
  history.leaf = history.outdated = false;
  tensor.set_requires_grad(true);
}

const View* view_of(const Tensor& tensor) {
  const History* const history = history_of(tensor);
  return history && history->view ? &*history->view : nullptr;
}

void set_view(const Tensor& tensor, View view) {
  History& history = own_history(tensor);
  history.view = std::move(view);
  history.version = tensor.version();
}

void follow_base(const Tensor& view) { own_history(view).outdated = true; }

}  // namespace engine::autograd
