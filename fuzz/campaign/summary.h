// Summary: summary.json and coverage.json, the sums over all runs of an output directory, for other programs.
#pragma once

#include <string>
#include <vector>

#include "fuzz/campaign/run_record.h"
#include "reports/finding.h"

namespace fuzz {

struct Totals {
  std::vector<RunRecord> runs;
  std::vector<reports::Finding> findings;
  size_t unconfirmed = 0;
};
std::string summary_json(const Totals& totals);
std::string coverage_json(const Totals& totals);

}  // namespace fuzz
