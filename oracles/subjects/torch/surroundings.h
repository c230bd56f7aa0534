// Surroundings: the process-wide state that a run starts from: the default generator, the count of warnings,
// the thread's settings. Set once, before any fork, and restored after each run.
#pragma once

#include <ATen/core/Generator.h>

#include <memory>

#include "oracles/outcome.h"
#include "oracles/subjects/torch/thread_state.h"
#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

class Surroundings {
 public:
  // Sets one intra-op thread, exceptions without backtraces, counted warnings and the guarded allocator.
  Surroundings();

  void begin_run();
  void begin_call();
  void end_call(CallOutcome& call);
  // A call has changed what is below its arguments on the stack.
  void stack_changed() { stack_changed_ = true; }
  // Reports and undoes what the run has changed.
  void end_run(ThreadState& state);

 private:
  struct Generator;
  struct Free {
    void operator()(Generator* generator) const;
  };

  WarningCounter warnings_;
  std::unique_ptr<Generator, Free> generator_;
  ThreadSettings settled_;
  bool stack_changed_ = false;
};

}  // namespace oracles::aten
