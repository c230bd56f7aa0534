// Isolated: a subject in a process of its own. A crash, a hang or a flood of memory there is a Verdict here.
// The child is forked from a parent that has loaded the subject but never run an operator.
#pragma once

#include <string>

#include "corpora/case/case.h"
#include "oracles/divergence.h"
#include "oracles/subject.h"

namespace oracles {

struct IsolatedLimits {
  double timeout_seconds = 5;  // CPU time of one check
  int64_t memory_mib = 4096;   // address space beyond the parent's
};

class Isolated {
 public:
  Isolated(Subject& subject, IsolatedLimits limits);
  ~Isolated();
  Isolated(const Isolated&) = delete;
  Isolated& operator=(const Isolated&) = delete;

  // One oracle on one case. `fresh` first replaces the child, so that nothing ran there before.
  Verdict check(const corpora::Case& c, std::string_view oracle, bool fresh);

 private:
  void start();
  void stop();
  Subject& subject_;
  IsolatedLimits limits_;
  int pid_ = -1;
  int to_child_ = -1, from_child_ = -1;
};

// The limits and silence every child lives under: no core files, no standard input, output to nowhere,
// CPU and memory limits, a private temporary directory. Called in the child, right after the fork.
void settle_child(const IsolatedLimits& limits);

// Arms (seconds > 0) or disarms (0) the CPU-time alarm that ends this process: its death by SIGVTALRM is a timeout.
void arm_timeout(double seconds);

// One line of JSON, and back: how verdicts cross process borders.
std::string to_json_line(const Verdict& verdict);
Verdict verdict_from_json_line(const std::string& line);

}  // namespace oracles
