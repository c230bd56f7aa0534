// Surroundings: the process-wide things a run starts from and is measured by: the default generator, the
// counted warnings, the thread's settings. Settled once, before any fork; put back after each run.
#pragma once

#include <ATen/core/Generator.h>
#include <c10/util/Exception.h>

#include <memory>

#include "oracles/outcome.h"
#include "oracles/subjects/torch/thread_state.h"

namespace oracles::aten {

class Surroundings {
 public:
  // One intra-op thread, cheap exceptions, counted warnings, our allocator.
  Surroundings();

  void begin_run();
  void begin_call();
  void end_call(CallOutcome& call);
  // Tells what the run left changed, and undoes it.
  void end_run(ThreadState& state);

 private:
  class Warnings final : public c10::WarningHandler {
   public:
    void process(const c10::SourceLocation&, const std::string&, const bool) override { ++count; }
    int count = 0;
  };
  struct Generator;
  struct Free {
    void operator()(Generator* generator) const;
  };

  Warnings warnings_;
  std::unique_ptr<Generator, Free> generator_;
  ThreadSettings settled_;
};

}  // namespace oracles::aten
