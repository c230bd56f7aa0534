// Findings: what a target does about detections. One whose signature this process has seen is passed over. A
// new one is investigated as a campaign would: where an entry of the known ones covers it, it is passed over,
// too; else its smallest case becomes a file and the program aborts, which is how libFuzzer learns of it.
// A subject that is full of findings would end there each time: its target goes on, and keeps the first case
// of each signature as it came.
#pragma once

#include <set>
#include <string>

#include "oracles/isolation/isolated.h"
#include "reports/investigate.h"
#include "reports/known.h"

namespace fuzz {

class Findings {
 public:
  enum class OnNew : uint8_t { aborts, goes_on };
  Findings(oracles::Subject& subject, OnNew on_new, std::vector<std::string> load);

  void note(const corpora::Case& c, const oracles::Oracle& oracle, const oracles::Verdict& verdict);
  size_t signatures() const { return seen_.size(); }

 private:
  void investigate(const reports::Detection& detection);

  oracles::Subject& subject_;
  OnNew on_new_;
  std::vector<std::string> load_;
  oracles::Isolated isolated_;
  reports::KnownEntries known_;
  std::set<std::string> seen_;
};

// A file that `faultline replay` takes: the artifact prefix, then finding-NAME.case. Says where it is.
void keep_case(const corpora::Case& c, const std::string& name, const std::string& what);

}  // namespace fuzz
