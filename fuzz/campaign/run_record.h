// RunRecord: what one run counted, kept in OUT/runs/KEY.json. The key says what was run (seed, subject,
// version, operators, oracles, limits), not for how long: cases are drawn in one order, so that of two runs
// with one key the longer contains the shorter, and only it is kept. summary.json and coverage.json are sums
// over the records.
#pragma once

#include <string>
#include <vector>

#include "fuzz/campaign/out_directory.h"
#include "fuzz/campaign/tally.h"
#include "reports/finding.h"

namespace fuzz {

struct CampaignOptions;

struct RunRecord {
  std::string key;
  uint64_t rng_seed = 0;
  std::string subject, subject_version, faultline_version, options;
  std::vector<std::string> load, oracles;
  double seconds = 0;
  Tally tally;
};

// Without its tally. Throws nothing: libraries that cannot be read count by name.
RunRecord record_of(const std::string& subject, const std::string& subject_version,
                    const std::vector<std::string>& operators, const CampaignOptions& options);

// Replaces the record of its key unless that one is longer.
void write_record(OutDirectory& out, const RunRecord& record);
std::vector<RunRecord> read_records(const OutDirectory& out);  // sorted by key

struct Totals {
  std::vector<RunRecord> runs;
  std::vector<reports::Finding> findings;
  size_t unconfirmed = 0;
};
std::string summary_json(const Totals& totals);
std::string coverage_json(const Totals& totals);

}  // namespace fuzz
