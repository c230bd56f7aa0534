// EngineRun: one run of one case on the engine.
#pragma once

#include "engine/dispatch/trace.h"
#include "oracles/subjects/engine/engine_snapshot.h"
#include "oracles/subjects/engine/engine_subject.h"
#include "oracles/subjects/live_run.h"

namespace oracles {

// Records an exception as the end of a call.
void record_failure(CallOutcome& call, const Misfit& misfit);
void record_failure(CallOutcome& call, const std::exception& error);

// Calls `action` and records what it throws. A handler for each class, because to rethrow in order to find
// the class costs as much as the first throw.
template <class Action>
void attempt(CallOutcome& call, Action&& action) {
  try {
    action();
  } catch (const Misfit& misfit) {
    record_failure(call, misfit);
  } catch (const std::exception& error) {
    record_failure(call, error);
  }
}

class EngineRun : public LiveRun<EngineInputs, EngineSnapshots> {
 public:
  EngineRun(EngineSubject& subject, const corpora::Case& c, EngineInputs& inputs)
      : LiveRun(c, inputs), subject_(subject) {}

  // False: the program ends here.
  bool call(size_t index, Outcome& outcome);

 private:
  using BoundOperator = EngineSubject::BoundOperator;

  // Records how a call meets the layers' keys. False if the operator is a composite that carries them: then
  // the outermost calls that it makes decide, which a trace shows.
  bool meet_at_once(const BoundOperator& op, const engine::Stack& stack);
  void read_trace(const engine::Trace& trace, bool decides, Outcome& outcome);
  void call_once(const BoundOperator& op, engine::Stack& stack, Outcome& outcome);
  void call_engine(const BoundOperator& op, engine::Stack& stack) const;

  EngineSubject& subject_;
};

}  // namespace oracles
