// ReportData: the summed counts and the findings of one or more output directories. Writers see nothing else,
// so a report can be written on any machine, at any time after the run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reports/finding.h"
#include "reports/known.h"
#include "reports/tally.h"

namespace reports {

struct OracleRow {
  std::string name;
  VerdictCounts counts;
  bool not_run = false;        // reach below the oracle's floor
  bool is_for_subject = true;  // it judges a subject of these runs
};
// "oracle zero counts as not run: 3 of 200 cases met the key ZeroTensor, and the floor is 20 %". Empty if it
// was run, or if it judges none of the subjects.
std::string line_if_not_run(const OracleRow& row);

struct RunRow {
  uint64_t rng_seed = 0, cases = 0;
  std::string subject, subject_version, options, version;
};

// Findings of one cause: the same signature but for the operator.
struct Group {
  std::string id;
  std::vector<size_t> findings;  // indices into ReportData::findings
  size_t fresh = 0;              // how many of them no known entry covers
};

struct ReportData {
  uint64_t cases = 0, unconfirmed = 0;
  double seconds = 0;
  VerdictCounts counts;
  std::vector<OracleRow> oracles;  // in the order of names
  OperatorTallies operators;
  std::vector<RunRow> runs;
  std::vector<Finding> findings;                     // by group, then operator; without foreign ones
  std::vector<Finding> foreign;                      // on the library's operators, in runs of an author's
  std::vector<Group> groups;                         // groups with new findings first, then by size
  std::map<std::string, std::string> known_reasons;  // by entry name

  size_t fresh() const;                           // findings that no entry covers
  std::vector<std::string> oracle_names() const;  // of those that judge operators of these runs' subjects
  // By operator: new findings, then known ones.
  std::map<std::string, std::pair<size_t, size_t>> findings_by_operator() const;
};

// Reads and sums output directories. Throws engine::InputError for a folder that no run wrote.
ReportData read_report(const std::vector<std::string>& out_directories, const KnownEntries& known = {});
// Fills `groups` from `findings`.
void group_findings(ReportData& data);

// The line that replays a finding.
std::string replay_line(const Finding& finding);

}  // namespace reports
