// Isolated: a subject in a child process. A crash, a hang or exhausted memory in the child becomes a Verdict.
// The parent has loaded the subject but never runs an operator.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "corpora/case/case.h"
#include "oracles/compare/divergence.h"
#include "oracles/isolation/child.h"
#include "oracles/oracle.h"
#include "oracles/subject.h"
#include "oracles/trial/trial.h"

namespace oracles {

// A run that did not return, on one of the two paths that a verdict compares.
struct Raise {
  corpora::Path path;
  int call = 0;
  std::string op, error_class, message;

  bool operator==(const Raise&) const = default;
};

class Isolated {
 public:
  Isolated(Subject& subject, IsolatedLimits limits);
  ~Isolated();
  Isolated(const Isolated&) = delete;
  Isolated& operator=(const Isolated&) = delete;

  // One oracle on one case. The oracle must live as long as the program, because the child gets its address.
  // `fresh` first replaces the child, so that nothing has run in it.
  Verdict check(const corpora::Case& c, std::string_view oracle, bool fresh);
  Verdict check(const corpora::Case& c, const Oracle& oracle, bool fresh);
  // Each of `oracles` on one case, in one process and in order. If the process dies, the last verdict says
  // how, and the remaining oracles have not judged.
  std::vector<Verdict> check_all(const corpora::Case& c, const std::vector<const Oracle*>& oracles);
  // The child calls it with each trial, before the trial runs anything. Set it before the first check.
  std::function<void(Trial&)> watch;
  // Whether the latest check was the first that its process ran, as if `fresh` had been given.
  bool was_first() const { return was_first_; }
  // What raised in the latest check of one oracle: on the left path, then on the right one.
  const std::vector<Raise>& raises() const { return raises_; }
  // Ends a child that has run something, so that later checks do not depend on earlier ones.
  void renew();

  // The dispatch trace of one run in the child, one line for each dispatched call, indented by depth:
  // "aten::add.Tensor [ZeroTensor, CPU]". If the child dies, one line says how.
  std::vector<std::string> trace(const corpora::Case& c, const corpora::Path& path);

  const IsolatedLimits& limits() const { return limits_; }

 private:
  void start();
  void stop();
  void serve();  // in the child, until the parent closes the channel
  void answer(const corpora::Case& c, const std::vector<const Oracle*>& oracles);
  // Sends a request and receives a line for each answer, or returns how the child died.
  std::optional<Death> request(const corpora::Case& c, const std::vector<const Oracle*>& oracles,
                               std::vector<std::string>& lines);
  Ended close_child();
  Death death_of_child(bool hung);

  Subject& subject_;
  IsolatedLimits limits_;
  PathMark* mark_ = nullptr;  // in shared memory, so that the parent can read it after the child's death
  pid_t pid_ = -1;
  bool used_ = false;  // something ran in the child
  bool was_first_ = false;
  std::vector<Raise> raises_;
  int channel_ = -1;
};

// One oracle on a trial, in this process. Runs the direct path first, so that an error of the operator itself
// is not attributed to another path. Refused if the subject cannot run the case or the path.
Verdict judge(Trial& trial, const Oracle& oracle);

}  // namespace oracles
