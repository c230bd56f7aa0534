// EngineGraphRun: one run of one case with the layer `fused`: call by call (0), as a fused graph (1), or as a
// graph whose groups run with their fallbacks (2). All are observed at the end of the program. Reach: own if
// a group ran fused, fallback if all groups ran with the fallback.
#pragma once

#include "engine/fuser/fused_program.h"
#include "oracles/subjects/engine/engine_graph.h"
#include "oracles/subjects/engine/engine_snapshot.h"
#include "oracles/subjects/engine/engine_subject.h"
#include "oracles/subjects/live_run.h"

namespace oracles {

class EngineGraphRun : public LiveRun<EngineInputs, EngineSnapshots> {
 public:
  EngineGraphRun(EngineSubject& subject, const corpora::Case& c, EngineInputs& inputs)
      : LiveRun(c, inputs), subject_(subject) {}

  void call_by_call(Outcome& outcome);
  // The graph of the first calls. False if it raises: then only the raising call is in the outcome.
  bool as_graph(size_t calls, engine::fuser::FusedProgram::Execution execution, Outcome& outcome);

 private:
  void run_graph(size_t calls, engine::fuser::FusedProgram::Execution execution,
                 std::vector<engine::Stack>& returned, Outcome& outcome);

  EngineSubject& subject_;
};

}  // namespace oracles
