// EngineRun: one run of one case: everything alive between the transformation of inputs and the last
// snapshot.
#pragma once

#include "oracles/subjects/engine/engine_arguments.h"
#include "oracles/subjects/engine/engine_snapshot.h"
#include "oracles/subjects/engine/engine_subject.h"

namespace oracles {

// What was thrown, as how a call ended.
void note_failure(CallOutcome& call, const EngineMisfit& misfit);
void note_failure(CallOutcome& call, const std::exception& error);

// Does it, and notes what it throws. Caught here where it is known what it is: throwing it on, to ask that
// elsewhere, would cost as much as throwing it.
template <class Deed>
void attempt(CallOutcome& call, Deed&& deed) {
  try {
    deed();
  } catch (const EngineMisfit& misfit) {
    note_failure(call, misfit);
  } catch (const std::exception& error) {
    note_failure(call, error);
  }
}

class EngineRun {
 public:
  EngineRun(EngineSubject& subject, const corpora::Case& c, EngineInputs& inputs);

  // False when the program ends here.
  bool call(size_t index, Outcome& outcome);
  // How the keys of the path's layers were met.
  Reach reach() const { return reach_; }
  const ReturnedTensors& results_of(size_t call) const { return results_[call]; }

 private:
  engine::Tensor referred(const corpora::TensorRef& ref) const;
  void push_arguments(const corpora::Call& call, const engine::Schema& schema, engine::Stack& stack) const;
  void invoke(const EngineSubject::BoundOperator& op, engine::Stack& stack, Outcome& outcome);
  void call_once(const EngineSubject::BoundOperator& op, engine::Stack& stack, Outcome& outcome);
  void call_engine(const EngineSubject::BoundOperator& op, engine::Stack& stack) const;
  void call_through_python(const EngineSubject::BoundOperator& op, engine::Stack& stack, Outcome& outcome);
  void meet(Reach reach);

  EngineSubject& subject_;
  const corpora::Case& case_;
  EngineInputs& inputs_;
  EngineSnapshots snapshots_;
  Changes<EngineInputs> changes_;
  EngineFitting fitting_;
  engine::SmallVector<ReturnedTensors, 2> results_;  // kept alive: a storage's address names it
  Reach reach_ = Reach::none;
};

}  // namespace oracles
