// Operator table: what an author reads at the end of a run. A row for each operator says how many of the
// drawn calls it accepted, which oracles judged it, and what is missing. After the rows comes what to write,
// once for each sort of gap, and a line of totals. Of more operators than `rows_max` (a run over a whole
// library) only the totals are given.
#pragma once

#include <string>
#include <vector>

#include "reports/report_data.h"

namespace reports {

struct OperatorTable {
  static constexpr size_t rows_max = 100;

  struct Row {
    std::string name;
    uint64_t drawn = 0;
    std::string accepted;  // "97 %"
    bool accepts = true;   // some call, if any was drawn
    std::string findings;  // "2", "1 known", "2 + 1 known"
    bool fresh = false;    // some finding is new
    std::string judges;    // "all 10"
    std::string missing;   // "Meta kernel, autograd formula"; empty if nothing is missing
  };
  // For all rows with this gap.
  struct Advice {
    std::string title;               // "no Meta kernel (3 operators): ..."
    std::vector<std::string> lines;  // what to write, for the first of the operators
  };

  explicit OperatorTable(const ReportData& data);

  std::vector<Row> rows;
  std::vector<Advice> advice;
  std::string totals;  // a line; empty without operators

 private:
  void add_row(const std::string& name, const OperatorTally& tally, std::pair<size_t, size_t> found,
               const std::vector<std::string>& oracles);
};

}  // namespace reports
