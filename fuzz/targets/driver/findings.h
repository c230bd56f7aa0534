// Findings: what a target does with detections. A signature that this process has seen before is skipped. A
// new one is investigated as in a campaign. If a known entry covers the finding, it is skipped; else its
// smallest case is written to a file, and the program aborts, which libFuzzer reports. For a subject with
// many findings (OnNew::goes_on), the first case of each signature is written as it is, and the run goes on.
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

// Writes the case to a file for `faultline replay`, PREFIXfinding-NAME.case, and prints its path.
void keep_case(const corpora::Case& c, const std::string& name, const std::string& what);

}  // namespace fuzz
