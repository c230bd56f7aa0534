// RunRecord: the counts of one run, in OUT/runs/KEY.json. The key identifies what was run (seed, subject,
// version, operators, oracles, limits) but not for how long: of two runs with the same key the longer
// contains the shorter, and only the longer is kept. summary.json and coverage.json are their sums.
#pragma once

#include <string>
#include <vector>

#include "fuzz/campaign/out_directory.h"
#include "reports/tally.h"

namespace fuzz {

struct CampaignOptions;

struct RunRecord {
  std::string key;
  uint64_t rng_seed = 0;
  std::string subject, subject_version, faultline_version, options;
  std::vector<std::string> load, oracles;
  double seconds = 0;
  reports::Tally tally;
};

// Without the tally. For a library that cannot be read, only the name is part of the key.
RunRecord record_of(const std::string& subject, const std::string& subject_version,
                    const std::vector<std::string>& operators, const CampaignOptions& options);

// Replaces the record with the same key unless that one is longer.
void write_record(OutDirectory& out, const RunRecord& record);
std::vector<RunRecord> read_records(const OutDirectory& out);  // sorted by key

}  // namespace fuzz
