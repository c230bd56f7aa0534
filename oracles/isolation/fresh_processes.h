// FreshProcesses: a server process, forked while nothing has run, that forks a child for each request. So
// a process that has run operators can still run a program as if it were the first. Provides fresh_runs()
// while it lives. The server ends with its creator.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "oracles/isolation/child.h"
#include "oracles/subject.h"
#include "oracles/trial/fresh_runs.h"

namespace oracles {

class FreshProcesses {
 public:
  FreshProcesses(Subject& subject, const IsolatedLimits& limits);
  ~FreshProcesses();
  FreshProcesses(const FreshProcesses&) = delete;
  FreshProcesses& operator=(const FreshProcesses&) = delete;

  std::optional<FreshRun> run(const std::vector<corpora::Case>& programs);

 private:
  void serve(int channel);
  std::string answer(const std::string& request);

  Subject& subject_;
  IsolatedLimits limits_;
  pid_t server_ = -1;
  int channel_ = -1;
};

}  // namespace oracles
