// DeclaredNode: the derivative of one call of a declared operator, with the tensors that its formula reads.
// Promises: saved tensors have no history and keep no node alive; written arguments are saved as they were
// before the call; of an argument whose elements the formula does not read, only the shape is saved. Refuses,
// by Error, to run after a saved tensor was written or released, and to save an inference tensor. If the pass
// is recorded, the formula reads saved tensors with their history.
#pragma once

#include <span>

#include "engine/autograd/node.h"
#include "engine/autograd/saved_tensor_hooks.h"
#include "engine/dispatch/operator.h"
#include "engine/ops/declaration.h"

namespace engine::autograd {

class DeclaredNode final : public Node {
 public:
  // Before the call, which may write its arguments.
  DeclaredNode(Operator op, const ops::OperatorDeclaration& declaration, std::span<const Value> arguments,
               std::vector<Edge> edges);
  // After the call, before its results get their histories. `results` include written tensors that the call
  // does not return.
  void save_results(std::span<const Tensor> results);

  Gradients apply(Dispatcher& dispatcher, Gradients arrived) override;
  std::string name() const override { return op_.name(); }
  void save_tangent(size_t result, const Tensor& tangent, uint64_t level) override;
  void release() override;

 private:
  Tensor kept(const Tensor& tensor, bool elements, bool written);
  void check_versions() const;
  void unpack(std::vector<Value>& arguments, std::vector<Tensor>& results) const;
  void attach_histories(std::vector<Value>& arguments, std::vector<Tensor>& results);

  Operator op_;
  const ops::Derivative& derivative_;
  std::vector<Value> arguments_;
  std::vector<Tensor> results_;
  struct Seen {
    Storage storage;
    uint32_t version;
  };
  std::vector<Seen> seen_;
  std::vector<PackedTensor> packed_;
  size_t kept_ = 0;        // tensors so far, in the order of arguments and results
  bool released_ = false;  // what was saved
};

}  // namespace engine::autograd
