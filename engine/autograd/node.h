// Node: one step of a recorded computation, run backwards: it takes the gradients of what the step computed
// and gives those of what it computed from. Edge: to the node that takes a gradient, and as which of its
// inputs. Promises: edges lead to older nodes only; a chain of nodes of any length is freed without
// recursion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/shape.h"
#include "engine/core/tensor.h"
#include "engine/dispatch/dispatcher.h"

namespace engine::autograd {

class Node;

struct Edge {
  Intrusive<Node> node;  // none: nothing wants this gradient
  size_t input = 0;
  explicit operator bool() const { return static_cast<bool>(node); }
};

using Gradients = std::vector<Tensor>;  // undefined where nothing flows

class Node : public RefCounted {
 public:
  explicit Node(std::vector<Edge> edges = {});
  ~Node() override;

  // One gradient for each result of the step, undefined where none arrived, at least one defined; gives one
  // for each edge. Computes by the dispatcher's operators.
  virtual Gradients apply(Dispatcher& dispatcher, Gradients arrived) = 0;
  virtual std::string name() const = 0;

  uint64_t sequence() const { return sequence_; }
  const std::vector<Edge>& edges() const { return edges_; }

 private:
  uint64_t sequence_;
  std::vector<Edge> edges_;
};

// The end of a path: a leaf, with what has arrived there so far. It does not hold the leaf itself.
class Leaf final : public Node {
 public:
  explicit Leaf(const Tensor& tensor);
  Gradients apply(Dispatcher& dispatcher, Gradients arrived) override;
  std::string name() const override { return "leaf"; }

  const Tensor& gradient() const { return gradient_; }

 private:
  Dims sizes_;
  DType dtype_;
  Tensor gradient_;
};

// Of an operator without a derivative: an Error when a gradient arrives.
class NotDifferentiable final : public Node {
 public:
  NotDifferentiable(std::string op, std::vector<Edge> edges) : Node(std::move(edges)), op_(std::move(op)) {}
  Gradients apply(Dispatcher& dispatcher, Gradients arrived) override;
  std::string name() const override { return op_; }

 private:
  std::string op_;
};

}  // namespace engine::autograd
