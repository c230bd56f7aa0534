// SymbolicCall: what a call with symbols gives its results. The operator's Meta kernel runs with the numbers
// of the case at hand; its results then get sizes, strides and offsets as expressions. Promises: for these
// numbers the expressions are what the kernel computed, which is checked; for other numbers they hold if the
// guards do.
#pragma once

#include <exception>

#include "engine/fake/shapes/symbolic_rules.h"

namespace engine::fake {

class SymbolicCall {
 public:
  // Derives the results' sizes, and records the guards. Without a rule, specializes all arguments. What the
  // rule refuses the kernel refuses, too: its error is the one that the caller sees.
  SymbolicCall(const Call& call, const Stack& arguments);

  // After the kernel: the results have wrappers.
  void give_results(std::span<const Value> results) const;

 private:
  const Call& call_;
  void compare_outs(const Stack& arguments);

  std::vector<Tensor> arguments_;
  std::vector<Tensor> resized_;  // out= tensors that get the sizes of the results
  std::optional<std::vector<SymbolicResult>> results_;
  std::exception_ptr refusal_;  // if the kernel does not refuse the call
};

}  // namespace engine::fake
