// CopySlices: a recorded write into a view, as a step of the view's base. The gradient of the elements that
// were not written passes through; that of the written elements goes through the write's own node.
#pragma once

#include "engine/autograd/node.h"
#include "engine/autograd/view.h"

namespace engine::autograd {

class CopySlices final : public Node {
 public:
  struct Write {
    Intrusive<Node> node;
    size_t edge;    // the node's edge of the tensor as it was before
    size_t output;  // the node's output that the written tensor is
  };
  // `before`: the edge of the base before the write.
  CopySlices(View view, Write write, Edge before);
  Gradients apply(Dispatcher& dispatcher, Gradients arrived) override;
  std::string name() const override { return "a write into a view by " + write_.node->name(); }

 private:
  View view_;
  Write write_;
};

}  // namespace engine::autograd
