// ProgramGraph: the first calls of a program as a graph of TorchScript, which the profiling executor
// optimises with CPU fusion on. The executor is new, so nothing that it has profiled before plays a part.
// Promises: graph inputs are the case's inputs and what cannot be a constant; each result of each call that
// returns observable results is an output. Groups need no LLVM. Refuses, with Unsupported, a call that
// TorchScript resolves to another overload, and arguments that graphs cannot hold.
#pragma once

#include <ATen/core/stack.h>

#include <memory>
#include <string>
#include <vector>

#include "corpora/case/case.h"
#include "oracles/outcome.h"
#include "oracles/subjects/torch/operators.h"

namespace oracles::aten {

class Inputs;

// An alias is its argument's memory. That nothing else refers to the tensor is part of what graphs do.
inline bool is_observable(const corpora::Call& call) { return call.op != "aten::alias"; }

class ProgramGraph {
 public:
  struct Unsupported {
    std::string what;
  };
  // How the graph is run once it is optimised: as it is, or with the fallback of each fused group.
  enum class Execution : uint8_t { fused, fallback };

  // Groups have at least `smallest_group` operators, 1 or 2.
  ProgramGraph(const Operators& operators, const corpora::Case& c, size_t calls, int smallest_group);
  ~ProgramGraph();
  ProgramGraph(const ProgramGraph&) = delete;
  ProgramGraph& operator=(const ProgramGraph&) = delete;

  // The run that the executor profiles.
  void profile(const Inputs& inputs);
  // Later: what each call returned. Sets `reach` to own if a fused group ran, to fallback if a fallback did.
  std::vector<torch::jit::Stack> run(const Inputs& inputs, Execution execution, Reach& reach);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace oracles::aten
