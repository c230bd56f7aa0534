// SeenTensors: the values of each tensor of a case before a call of its direct run: inputs from the image or
// as an earlier call left them, results as they were returned. References compute with these values, so that
// a bound covers one operator only. Promises: never returns a snapshot that may be outdated because a later
// call wrote its memory through another view.
#pragma once

#include <vector>

#include "oracles/trial/effects.h"
#include "oracles/trial/trial.h"

namespace oracles {

class SeenTensors {
 public:
  explicit SeenTensors(Trial& trial);

  // Before the next call; nullptr: unknown.
  const TensorSnapshot* tensor(const corpora::TensorRef& ref);
  // Advances past the next call.
  void pass();

 private:
  struct Seen {
    corpora::TensorRef ref;
    const TensorSnapshot* snapshot;  // null: unknown
  };
  void refresh_results(const corpora::Call& call, const CallOutcome& outcome);

  Trial& trial_;
  size_t next_ = 0;
  std::vector<TensorSnapshot> own_;             // inputs at the start of the run, made on demand
  std::vector<const TensorSnapshot*> changed_;  // inputs after the last call that changed them
  std::vector<Seen> results_;
};

}  // namespace oracles
