// Campaign: draws cases by (seed, index), judges each with the selected oracles in forked workers, writes raw
// detections at once, then investigates them. The parent never runs an operator. For one seed and version the
// result is the same for any number of jobs. Throws InputError for an output directory that another run is
// using, and EnvironmentError if the system refuses a write: what was written stays, and the next run on the
// directory continues from it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "corpora/case/approach.h"
#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"
#include "oracles/oracle.h"
#include "oracles/subject.h"
#include "reports/investigate.h"
#include "reports/known.h"

namespace corpora {
class Domains;
class Samples;
}  // namespace corpora

namespace fuzz {

struct CampaignOptions {
  std::vector<size_t> operators;  // indices into the catalog
  std::vector<const oracles::Oracle*> oracles;
  uint64_t cases = 0;  // 0: until `seconds`
  double seconds = 0;
  uint64_t rng_seed = 0;
  int jobs = 1;
  std::string out = "faultline-out";
  double timeout_seconds = 1;
  int64_t memory_mib = 256;
  bool fail_fast = false;
  uint64_t far_sizes_share = 0;  // one case in so many has an input of 2^31 elements and more; 0: none
  std::vector<std::string> load;
  std::vector<std::string> tolerances;  // files, which the subject has read
  std::string plant;
  // The run begins with them; half of the drawn cases of an operator that has samples are changes of them.
  // All are of `operators`. Null: there are none.
  const corpora::Samples* samples = nullptr;
  std::string knowledge;     // what else decides cases and verdicts: an author's files and samples
  std::string options_text;  // identifies the run in summary.json
  bool progress = true;
};

struct CampaignResult {
  size_t findings = 0, new_findings = 0;  // of this run; the directory may hold others
  uint64_t cases = 0, checks = 0;         // of this run
  bool interrupted = false;
};

CampaignResult run_campaign(oracles::Subject& subject, const corpora::Domains& domains,
                            const reports::KnownEntries& known, const CampaignOptions& options);

// The steps that a campaign calls but does not define. Tests pass scripted ones.
struct CampaignSteps {
  std::function<corpora::Case(const corpora::Operator&, corpora::ChoiceSource&)> draw;
  std::function<std::optional<reports::Finding>(const reports::Detection&, oracles::Subject&,
                                                oracles::Isolated&, const reports::KnownEntries&,
                                                const std::set<std::string>& confirmed, std::string& why)>
      investigate;
  // reports::verify_reproducers.
  std::function<std::string(const std::vector<std::string>&, const std::function<bool(size_t, size_t)>& ran)>
      verify;
  // A case from what earlier cases of its operator taught (lessons.h). Without it, all cases are drawn.
  std::function<corpora::Case(const corpora::Attempts&, corpora::ChoiceSource&)> approach = {};
};
CampaignResult run_campaign(oracles::Subject& subject, const CampaignSteps& steps,
                            const reports::KnownEntries& known, const CampaignOptions& options);

}  // namespace fuzz
