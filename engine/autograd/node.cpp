#include "engine/autograd/node.h"

#include <atomic>

#include "engine/autograd/grad_mode.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"

namespace engine::autograd {

constinit thread_local bool grad_enabled __attribute__((tls_model("initial-exec"))) = true;

namespace {

std::atomic<uint64_t> next_sequence{1};

}  // namespace

Node::Node(std::vector<Edge> edges)
    : sequence_(next_sequence.fetch_add(1, std::memory_order_relaxed)), edges_(std::move(edges)) {}

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

Leaf::Leaf(const Tensor& tensor) : sizes_(tensor.sizes().copy()), dtype_(tensor.dtype()) {}

Gradients Leaf::apply(Dispatcher& dispatcher, Gradients arrived) {
  if (arrived[0].sizes() != IntSpan(sizes_) || arrived[0].dtype() != dtype_)
    throw Error("a derivative's formula returned a gradient with different sizes or dtype than its tensor",
                ErrorKind::internal);
  // In memory of its own, without lazy bits.
  const ops::Formulas ops(dispatcher);
  gradient_ = gradient_.defined() ? ops.add(gradient_, arrived[0])
                                  : ops("aten::clone", {arrived[0], MemoryFormat::contiguous});
  return {};
}

Gradients NotDifferentiable::apply(Dispatcher&, Gradients) {
  throw Error("derivative for " + op_ + " is not implemented", ErrorKind::not_implemented);
}

}  // namespace engine::autograd
