#include "engine/autograd/history.h"

#include <atomic>

#include "engine/autograd/grad_mode.h"
#include "engine/autograd/inference_mode.h"
#include "engine/core/error.h"
#include "engine/dispatch/thread_keys.h"

namespace engine::autograd {

namespace {

struct History : RefCounted {
  Intrusive<Node> node;  // of the step that computed the tensor, or its Leaf
  size_t result = 0;
  bool leaf = false;
  std::optional<View> view;
  std::vector<Tangent> tangents;
  Intrusive<RetainedGradient> retained;
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
  return history.view && history.view->is_recorded() && history.view->base.requires_grad() &&
         (history.outdated || history.version != tensor.version());
}

// Moves the retained gradient to the node of the tensor's new values.
void retain_at(History& history, Intrusive<Node> node, size_t result) {
  if (history.retained && history.node && history.node->hooks())
    std::erase_if(history.node->own_hooks().retained,
                  [&](const NodeHooks::Retained& each) { return each.to == history.retained; });
  if (history.retained && node) node->own_hooks().retained.push_back({result, history.retained});
  history.node = std::move(node);
  history.result = result;
}

// Repeats the calls that made the view, recorded, and takes the result's history.
void renew(const Tensor& tensor, History& history) {
  const GradMode on(true);
  const ForceKeys usual{ThreadKeys{}};
  const Tensor again = history.view->of_base();
  const History* const made = history_of(again);
  retain_at(history, made ? made->node : nullptr, made ? made->result : 0);
  history.version = tensor.version();
  history.leaf = history.outdated = false;
  tensor.set_requires_grad(static_cast<bool>(history.node));
}

}  // namespace

void require_grad(const Tensor& tensor) {
  if (!differentiable(tensor.dtype()))
    throw Error("only Tensors of floating point and complex dtype can require gradients");
  if (is_inference(tensor) && !InferenceMode::enabled())
    throw Error("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.");
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
  if (!history) return {};
  if (history->leaf) return static_cast<const Leaf&>(*history->node).gradient();
  return history->retained ? history->retained->gradient : Tensor();
}

void set_gradient(const Tensor& leaf, Tensor gradient) {
  const History* const history = history_of(leaf);
  if (!history || !history->leaf)
    throw Error("the gradient of a tensor that is not a leaf cannot be replaced");
  static_cast<Leaf&>(*history->node).set_gradient(std::move(gradient));
}

void retain_gradient(const Tensor& tensor) {
  const Edge at = edge_of(tensor);
  if (!at) throw Error("can't retain_grad on Tensor that has requires_grad=False");
  History& history = own_history(tensor);
  if (history.leaf || history.retained) return;
  history.retained = make_intrusive<RetainedGradient>();
  retain_at(history, at.node, at.input);
}

uint64_t add_hook(const Tensor& tensor, TensorHook hook) {
  static std::atomic<uint64_t> next_hook{1};
  const Edge at = edge_of(tensor);
  if (!at) throw Error("cannot register a hook on a tensor that doesn't require gradient");
  const uint64_t id = next_hook++;
  at.node->own_hooks().of_tensors.push_back({id, at.input, std::move(hook)});
  return id;
}

void remove_hook(const Tensor& tensor, uint64_t id) {
  if (const Edge at = edge_of(tensor); at && at.node->hooks())
    std::erase_if(at.node->own_hooks().of_tensors,
                  [&](const NodeHooks::OfTensor& each) { return each.id == id; });
}

std::vector<Tangent>* tangents_of(const Tensor& tensor) {
  History* const history = history_of(tensor);
  return history && !history->tangents.empty() ? &history->tangents : nullptr;
}

std::vector<Tangent>& own_tangents(const Tensor& tensor) { return own_history(tensor).tangents; }

Edge edge_of(const Tensor& tensor) {
  History* const history = history_of(tensor);
  if (!history) return {};
  if (is_stale(tensor, *history)) renew(tensor, *history);
  return tensor.requires_grad() ? Edge{history->node, history->result} : Edge{};
}

void set_history(const Tensor& tensor, Intrusive<Node> node, size_t result) {
  History& history = own_history(tensor);
  retain_at(history, std::move(node), result);
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
