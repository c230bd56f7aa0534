// CopySlices: a recorded write into a view, as a step of the view's base: what was not written passes, what
// was goes through the write's own node.
#pragma once

#include "engine/autograd/node.h"
#include "engine/autograd/view.h"

namespace engine::autograd {

class CopySlices final : public Node {
 public:
  // `write` takes one gradient, of what it wrote; its first edge is that of what it wrote over.
  CopySlices(View view, Intrusive<Node> write, Edge before);
  Gradients apply(Dispatcher& dispatcher, Gradients arrived) override;
  std::string name() const override { return "a write into a view by " + write_->name(); }

 private:
  View view_;
  Intrusive<Node> write_;
};

}  // namespace engine::autograd
