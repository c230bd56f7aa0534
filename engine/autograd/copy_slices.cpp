#include "engine/autograd/copy_slices.h"

#include "engine/ops/formulas.h"

namespace engine::autograd {

namespace {

std::vector<Edge> edges_of(const Node& write, Edge before) {
  std::vector<Edge> edges = write.edges();
  edges.front() = std::move(before);
  return edges;
}

}  // namespace

CopySlices::CopySlices(View view, Intrusive<Node> write, Edge before)
    : Node(edges_of(*write, std::move(before))), view_(std::move(view)), write_(std::move(write)) {
  view_.base = {};  // its history holds this node
}

Gradients CopySlices::apply(Dispatcher& dispatcher, Gradients arrived) {
  const ops::Formulas ops(dispatcher);
  const Tensor around = view_.like_base(dispatcher, arrived[0]);
  const Tensor written = view_.of(around);
  Gradients found = write_->apply(dispatcher, {ops("aten::clone", {written})});
  if (found.front().defined())
    ops("aten::copy_", {written, found.front()});
  else
    ops("aten::zero_", {written});
  found.front() = around;
  return found;
}

}  // namespace engine::autograd
