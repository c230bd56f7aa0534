// GraphRun: one run of one case that is observed at its end: call by call, or as a graph (graph.h).
#pragma once

#include "oracles/subjects/live_run.h"
#include "oracles/subjects/torch/graph.h"
#include "oracles/subjects/torch/inputs.h"
#include "oracles/subjects/torch/snapshot.h"
#include "oracles/subjects/torch/torch_subject.h"

namespace oracles::aten {

class GraphRun : public LiveRun<Inputs, Snapshots> {
 public:
  GraphRun(TorchSubject& subject, const corpora::Case& c, Inputs& inputs)
      : LiveRun(c, inputs), subject_(subject) {}

  void call_by_call(Outcome& outcome);
  // False if the graph raises or cannot be built; then only the raising call is in the outcome.
  bool as_graph(ProgramGraph& graph, ProgramGraph::Execution execution, Outcome& outcome);

 private:
  TorchSubject& subject_;
};

}  // namespace oracles::aten
