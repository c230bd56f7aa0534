// Anomaly: a mode of this thread for finding the call whose gradient is wrong. While it is on, each node
// keeps where it was recorded: the labels of the enclosing scopes, and the node whose gradient was being
// computed. If a node raises or returns NaN in a gradient, the error says where the node was recorded.
#pragma once

#include <string>

#include "engine/autograd/node.h"

namespace engine::autograd {

class Anomaly {
 public:
  explicit Anomaly(bool enabled);
  ~Anomaly();
  Anomaly(const Anomaly&) = delete;
  Anomaly& operator=(const Anomaly&) = delete;

  static bool enabled();
  // Where a node that is recorded now comes from.
  static std::string trace();

  // A part of a program, for traces.
  class Scope {
   public:
    explicit Scope(std::string label);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };

  // A node of a pass, while it runs.
  class Running {
   public:
    explicit Running(const Node& node);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    // Raises if a gradient has a NaN.
    void check(Dispatcher& dispatcher, const Gradients& found) const;

   private:
    const Node& node_;
    const Node* before_;
    int raised_;
  };

 private:
  bool before_;
};

}  // namespace engine::autograd
