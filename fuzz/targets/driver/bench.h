// Bench: every oracle of a subject on one case, in this process or in a child that a crash may end.
// In this process the subject's own code guides libFuzzer, and a crash is libFuzzer's: oracles that ask the
// subject's peer, whose crashes are not ours, are left to campaigns. In a child a crash is
// a verdict, and the parent goes on.
#pragma once

#include <memory>
#include <vector>

#include "fuzz/targets/driver/dispatch_counters.h"
#include "oracles/isolation/isolated.h"
#include "oracles/oracle.h"

namespace fuzz {

// Of the children of fuzz targets.
oracles::IsolatedLimits child_limits();

struct Judged {
  const oracles::Oracle* oracle;
  oracles::Verdict verdict;
};

class Bench {
 public:
  enum class Where : uint8_t { this_process, child };
  Bench(oracles::Subject& subject, Where where);

  // Nothing where the subject cannot run the case.
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
