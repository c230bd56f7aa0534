#include "engine/autograd/copy_slices.h"

#include "engine/ops/formulas.h"

namespace engine::autograd {

namespace {

std::vector<Edge> edges_with(const CopySlices::Write& write, Edge before) {
  std::vector<Edge> edges = write.node->edges();
  edges[write.edge] = std::move(before);
  return edges;
}

}  // namespace

CopySlices::CopySlices(View view, Write write, Edge before)
    : Node(edges_with(write, std::move(before))), view_(std::move(view)), write_(std::move(write)) {
  view_.base = {};  // its history holds this node
}

Gradients CopySlices::apply(Dispatcher& dispatcher, Gradients arrived) {
  const ops::Formulas ops(dispatcher);
  const Tensor around = view_.like_base(dispatcher, arrived[0]);
  const Tensor written = view_.of(around);
  Gradients of_outputs(write_.output + 1);
  of_outputs.back() = ops("aten::clone", {written});
  Gradients found = write_.node->apply(dispatcher, std::move(of_outputs));
  Tensor& before = found[write_.edge];
  if (before.defined())
    ops("aten::copy_", {written, before});
  else
    ops("aten::zero_", {written});
  before = around;
  return found;
}

}  // namespace engine::autograd
