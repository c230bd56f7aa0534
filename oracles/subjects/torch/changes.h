// Changes: what a call did to the inputs of its case, found by looking at the memory and the metadata.
#pragma once

#include "oracles/subjects/torch/dress.h"
#include "oracles/subjects/torch/snapshot.h"

namespace oracles::aten {

class Changes {
 public:
  explicit Changes(Dressed& dressed);

  // Records in `call` what changed since the last time. With `more_calls` the present state becomes the one
  // that the next call is measured by.
  void record(CallOutcome& call, Snapshots& snapshots, bool more_calls);

 private:
  Dressed& dressed_;
  std::vector<uint32_t> versions_;
  std::vector<bool> changed_;  // by dressed storage, in the call at hand
};

}  // namespace oracles::aten
