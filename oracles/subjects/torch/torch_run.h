// TorchRun: one run of one case on libtorch.
#pragma once

#include "oracles/subjects/live_run.h"
#include "oracles/subjects/torch/gradients.h"
#include "oracles/subjects/torch/inputs.h"
#include "oracles/subjects/torch/snapshot.h"
#include "oracles/subjects/torch/torch_subject.h"

namespace oracles::aten {

class TorchRun : public LiveRun<Inputs, Snapshots> {
 public:
  TorchRun(TorchSubject& subject, const corpora::Case& c, Inputs& inputs)
      : LiveRun(c, inputs), subject_(subject) {}

  // False: the program ends here. `gradients` along a path that records.
  bool call(size_t index, Outcome& outcome, Gradients* gradients = nullptr);

 private:
  void push_arguments(const corpora::Call& call, const BoundOperator& op, torch::jit::Stack& stack) const;
  void call_operator(const BoundOperator& op, torch::jit::Stack& stack) const;
  // Records how a call meets the layers' keys. False: a trace has to show it.
  bool meet_at_once(const BoundOperator& op, const torch::jit::Stack& stack);

  TorchSubject& subject_;
};

}  // namespace oracles::aten
