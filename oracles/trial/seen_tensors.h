// SeenTensors: what each tensor of a case held before a call of its direct run: inputs as the image has them
// and later calls left them, results as they were returned. A reference is given just these, so that every
// bound is a single operator's.
// Promises: a snapshot that may be out of date, because a later call wrote its memory through another view,
// is not told.
#pragma once

#include <vector>

#include "oracles/trial/effects.h"
#include "oracles/trial/trial.h"

namespace oracles {

class SeenTensors {
 public:
  explicit SeenTensors(Trial& trial);

  // Before the call that is next; nullptr: nobody saw it.
  const TensorSnapshot* tensor(const corpora::TensorRef& ref);
  // Goes past the next call.
  void pass();

 private:
  struct Seen {
    corpora::TensorRef ref;
    const TensorSnapshot* snapshot;  // null: out of date
  };
  std::vector<int32_t> written_storages(const corpora::Call& call, const CallOutcome& outcome);
  void refresh_results(const corpora::Call& call, const CallOutcome& outcome);

  Trial& trial_;
  size_t next_ = 0;
  std::vector<TensorSnapshot> own_;             // inputs as the run began, made when asked for
  std::vector<const TensorSnapshot*> changed_;  // inputs as a call left them
  std::vector<Seen> results_;
};

}  // namespace oracles
