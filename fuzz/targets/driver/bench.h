// Bench: runs every oracle of a subject on one case, in this process or in a child process.
// In this process, coverage of the subject's code guides libFuzzer, and libFuzzer reports a crash. Oracles
// that run the subject's peer are then left out, because a crash of the peer is not a finding. In a child
// process, a crash is a verdict, and the parent goes on.
#pragma once

#include <memory>
#include <vector>

#include "fuzz/targets/driver/dispatch_counters.h"
#include "oracles/isolation/isolated.h"
#include "oracles/oracle.h"

namespace fuzz {

// For the child processes of fuzz targets.
oracles::IsolatedLimits child_limits();

struct Judged {
  const oracles::Oracle* oracle;
  oracles::Verdict verdict;
};

class Bench {
 public:
  enum class Where : uint8_t { this_process, child };
  Bench(oracles::Subject& subject, Where where);

  // Empty if the subject cannot run the case.
  std::vector<Judged> judge(const corpora::Case& c);
  size_t cells() const { return counters_.met(); }

 private:
  bool takes(const corpora::Case& c) const;
  void watch(oracles::Trial& trial);
  std::vector<oracles::Verdict> verdicts(const corpora::Case& c,
                                         const std::vector<const oracles::Oracle*>& oracles);

  oracles::Subject& subject_;
  DispatchCounters counters_;
  std::unique_ptr<oracles::Isolated> child_;
};

}  // namespace fuzz
