// Functional: the inputs of a program that is functionalised. PyTorch's functional tensors wrap them: a call
// that writes one replaces its value, and views are computed anew from the tensor that they view.
// Promises: a storage that one input views is wrapped with that view; of a storage with several views the
// whole memory is wrapped, and the inputs are views of that, so writes reach the other inputs.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/stack.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <utility>
#include <vector>

namespace oracles::aten {

class Inputs;
struct Seen;

class Functional {
 public:
  explicit Functional(bool keeps_views) : keeps_views_(keeps_views) {}

  // Replaces the inputs by functional tensors.
  void wrap(Inputs& inputs);
  // After a call, with its results on the stack: applies pending writes, and copies what the inputs hold into
  // the memory of the case. Throws what PyTorch raises.
  void settle(Inputs& inputs, const torch::jit::Stack& stack) const;

  // A functional tensor has the geometry of the program's tensor; its value has the elements, perhaps with
  // other strides. The storage is the case's, if the tensor is a view of an input.
  Seen now(const at::Tensor& tensor) const;

  // While it exists, calls are functionalised.
  class Guard {
   public:
    explicit Guard(const Functional& functional);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    c10::impl::IncludeDispatchKeyGuard include_;
    bool kept_views_;
  };

 private:
  const void* original(const void* storage) const;
  void note(const at::Tensor& wrapper, const void* storage);

  bool keeps_views_;
  std::vector<std::pair<const void*, const void*>> storages_;  // a functional storage, and the case's
  std::vector<at::Tensor> whole_;                              // wrapped memory, which views refer to
};

}  // namespace oracles::aten
