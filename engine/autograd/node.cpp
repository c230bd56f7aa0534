#include "engine/autograd/node.h"

#include <atomic>

#include "engine/autograd/anomaly.h"
#include "engine/autograd/grad_mode.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"

namespace engine::autograd {

constinit thread_local bool grad_enabled __attribute__((tls_model("initial-exec"))) = true;

namespace {

std::atomic<uint64_t> next_sequence{1};

}  // namespace

Node::Node(std::vector<Edge> edges)
    : sequence_(next_sequence.fetch_add(1, std::memory_order_relaxed)), edges_(std::move(edges)) {
  if (Anomaly::enabled()) own_hooks().trace = Anomaly::trace();
}

// Takes over the edges of each node that it frees, so that their destructors do not recurse.
Node::~Node() {
  std::vector<Edge> dying = std::move(edges_);
  while (!dying.empty()) {
    Edge last = std::move(dying.back());
    dying.pop_back();
    if (!last || last.node->use_count() > 1) continue;
    for (Edge& edge : last.node->edges_) dying.push_back(std::move(edge));
    last.node->edges_.clear();
  }
}

NodeHooks& Node::own_hooks() {
  if (!hooks_) hooks_ = std::make_unique<NodeHooks>();
  return *hooks_;
}

Leaf::Leaf(const Tensor& tensor)
    : sizes_(tensor.sizes().copy()),
      strides_(ops::preserved_strides(tensor) == tensor.strides() ? tensor.strides().copy()
                                                                  : contiguous_strides(tensor.sizes())),
      dtype_(tensor.dtype()) {}

Tensor Leaf::gradient() const {
  const std::lock_guard lock(mutex_);
  return gradient_;
}

void Leaf::set_gradient(Tensor gradient) {
  const std::lock_guard lock(mutex_);
  gradient_ = std::move(gradient);
}

// Takes the memory of a gradient that nothing else refers to.
Tensor Leaf::first_gradient(Dispatcher& dispatcher, Tensor arrived) const {
  const ops::Formulas ops(dispatcher);
  const bool plain = !arrived.is_conj() && !arrived.is_neg() && !arrived.is_zero() && !arrived.wrapped();
  const bool alone =
      arrived.body()->use_count() == 1 && arrived.storage() && arrived.storage()->use_count() == 1;
  if (plain && alone && !GradMode::enabled() && arrived.strides() == IntSpan(strides_)) return arrived;
  if (GradMode::enabled() || strides_ == contiguous_strides(sizes_))
    return ops("aten::clone", {arrived, MemoryFormat::contiguous});
  const Tensor made = ops("aten::empty_strided", {sizes_, strides_, dtype_, Value(), arrived.device()});
  ops("aten::copy_", {made, arrived});
  return made;
}

Gradients Leaf::apply(Dispatcher& dispatcher, Gradients arrived) {
  Tensor gradient = std::move(arrived[0]);
  if (gradient.sizes() != IntSpan(sizes_) || gradient.dtype() != dtype_)
    throw Error("a derivative's formula returned a gradient with different sizes or dtype than its tensor",
                ErrorKind::internal);
  const ops::Formulas ops(dispatcher);
  const std::lock_guard lock(mutex_);
  if (!gradient_.defined())
    gradient_ = first_gradient(dispatcher, std::move(gradient));
  else if (GradMode::enabled())
    gradient_ = ops.add(gradient_, gradient);
  else
    ops("aten::add_.Tensor", {gradient_, gradient});
  return {};
}

Gradients NotDifferentiable::apply(Dispatcher&, Gradients) {
  throw Error("derivative for " + op_ + " is not implemented", ErrorKind::not_implemented);
}

}  // namespace engine::autograd
