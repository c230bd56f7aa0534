// Isolated: a subject in a process of its own. A crash, a hang or a flood of memory there is a Verdict here.
// The child is forked from a parent that has loaded the subject but never run an operator.
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

class Isolated {
 public:
  Isolated(Subject& subject, IsolatedLimits limits);
  ~Isolated();
  Isolated(const Isolated&) = delete;
  Isolated& operator=(const Isolated&) = delete;

  // One oracle on one case. The oracle lives as long as the program: the child knows it by its address.
  // `fresh` first replaces the child, so that nothing ran there before.
  Verdict check(const corpora::Case& c, std::string_view oracle, bool fresh);
  Verdict check(const corpora::Case& c, const Oracle& oracle, bool fresh);
  // Each of `oracles` on one case, in one process and in order. Where the process dies the verdict says of
  // what, and is the last: the oracles behind it have not judged.
  std::vector<Verdict> check_all(const corpora::Case& c, const std::vector<const Oracle*>& oracles);
  // In the child, of each trial before it runs anything. To be set before the first check.
  std::function<void(Trial&)> watch;
  // Whether the latest check was the first thing that its process ran: as good as a fresh one.
  bool was_first() const { return was_first_; }
  // Ends a child that has run something: what comes next does not depend on what was asked before.
  void renew();

  // The dispatch trace of one run in the child, one line a dispatched call, indented by depth:
  // "aten::add.Tensor [ZeroTensor, CPU]". Ends with a line saying so when the run died.
  std::vector<std::string> trace(const corpora::Case& c, const corpora::Path& path);

  const IsolatedLimits& limits() const { return limits_; }

 private:
  struct Shared;  // what the child leaves for us to read after its death
  void start();
  void stop();
  void serve();  // the child's life
  void answer(const corpora::Case& c, const std::vector<const Oracle*>& oracles);
  std::optional<Death> ask(const corpora::Case& c, const std::vector<const Oracle*>& oracles,
                           std::vector<std::string>& lines);
  Death bury(bool hung);

  Subject& subject_;
  IsolatedLimits limits_;
  Shared* shared_ = nullptr;
  pid_t pid_ = -1;
  bool used_ = false;  // something ran in the child
  bool was_first_ = false;
  int channel_ = -1;
};

// One oracle on a trial, in this process: the direct run first, so that trouble of the operator itself is
// never laid at a path's door. Refused where the case or the path that it asks for cannot be run.
Verdict judge(Trial& trial, const Oracle& oracle);

// The verdict of a check whose process died while walking `path`: runs ever longer parts of the program in
// fresh children to find the call that did it. Where the path names another form of the last call, that form
// is what did it.
Verdict verdict_of_death(Subject& subject, const corpora::Case& c, const corpora::Path& path,
                         const Death& death, const IsolatedLimits& limits);

// One line of JSON, and back: how verdicts cross process borders.
std::string to_json_line(const Verdict& verdict);
Verdict verdict_from_json_line(const std::string& line);

}  // namespace oracles
