// CopySlices: a recorded write into a view, as a step of the view's base. The gradient of elements that were
// not written passes through; the gradient of the written elements goes through the node of the write.
#pragma once

#include "engine/autograd/node.h"
#include "engine/autograd/view.h"

namespace engine::autograd {

class CopySlices final : public Node {
 public:
  struct Write {
    Intrusive<Node> node;
    size_t edge;    // the node's edge for the tensor before the write
    size_t output;  // the written tensor among the node's outputs
  };
  // `before`: the edge of the base before the write.
  CopySlices(View view, Write write, Edge before);
  Gradients apply(Dispatcher& dispatcher, Gradients arrived) override;
  void save_tangent(size_t, const Tensor& tangent, uint64_t level) override {
    write_.node->save_tangent(write_.output, tangent, level);
  }
  void release() override { write_.node->release(); }
  std::string name() const override { return "a write into a view by " + write_.node->name(); }

 private:
  View view_;
  Write write_;
};

}  // namespace engine::autograd
