// Node: one step of a recorded computation, run backwards: from the gradients of its results it computes the
// gradients of its arguments. Edge: the node that takes a gradient, and its input there. Promises: edges lead
// to older nodes only; a chain of nodes of any length is freed without recursion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/autograd/hooks.h"
#include "engine/core/shape.h"
#include "engine/core/tensor.h"
#include "engine/dispatch/dispatcher.h"

namespace engine::autograd {

class Node;

struct Edge {
  Intrusive<Node> node;  // null: the gradient is not needed
  size_t input = 0;
  explicit operator bool() const { return static_cast<bool>(node); }
};

class Node : public RefCounted {
 public:
  explicit Node(std::vector<Edge> edges = {});
  ~Node() override;

  // `arrived` has one gradient for each result of the step, at least one of them defined. Returns one for
  // each edge. Computes by the dispatcher's operators.
  virtual Gradients apply(Dispatcher& dispatcher, Gradients arrived) = 0;
  virtual std::string name() const = 0;
  // A result that the node may have saved has this tangent.
  virtual void save_tangent(size_t /*result*/, const Tensor& /*tangent*/, uint64_t /*level*/) {}
  // Frees what was saved. A node that saved elements cannot run afterwards.
  virtual void release() {}

  uint64_t sequence() const { return sequence_; }
  const std::vector<Edge>& edges() const { return edges_; }

  // Null if the node has none.
  const NodeHooks* hooks() const { return hooks_.get(); }
  NodeHooks& own_hooks();

 private:
  uint64_t sequence_;
  std::vector<Edge> edges_;
  std::unique_ptr<NodeHooks> hooks_;
};

// A leaf tensor's gradient. Does not own the tensor. Promises: the first gradient gets memory of its own,
// with the strides of the leaf if these are dense; without create_graph, later gradients are added in place.
class Leaf final : public Node {
 public:
  explicit Leaf(const Tensor& tensor);
  Gradients apply(Dispatcher& dispatcher, Gradients arrived) override;
  std::string name() const override { return "leaf"; }

  Tensor gradient() const;
  void set_gradient(Tensor gradient);

 private:
  Tensor first_gradient(Dispatcher& dispatcher, Tensor arrived) const;

  mutable std::mutex mutex_;  // two threads may run backwards to the same leaf
  Dims sizes_, strides_;
  DType dtype_;
  Tensor gradient_;
};

// The node of an operator without a derivative: raises when a gradient arrives.
class NotDifferentiable final : public Node {
 public:
  NotDifferentiable(std::string op, std::vector<Edge> edges) : Node(std::move(edges)), op_(std::move(op)) {}
  Gradients apply(Dispatcher& dispatcher, Gradients arrived) override;
  std::string name() const override { return op_; }

 private:
  std::string op_;
};

}  // namespace engine::autograd
