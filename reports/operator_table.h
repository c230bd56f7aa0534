// Operator table: what an author reads at the end of a run: for each operator how many of the drawn calls it
// accepted, which oracles judged it, and what is missing. Of more operators than `rows_max` (a run over a
// whole library) only the first of those that accepted hardly any call. A line of totals follows.
#pragma once

#include <string>
#include <vector>

#include "reports/report_data.h"

namespace reports {

struct OperatorTable {
  static constexpr size_t rows_max = 100, rows_of_a_library = 20;

  struct GapText {
    std::string text;                 // "no Meta kernel"
    std::vector<std::string> advice;  // "write ...", a line for each way
  };
  struct Row {
    std::string name;
    uint64_t drawn = 0;
    std::string accepted;  // "97 %"
    bool accepts = true;   // some call, if any was drawn
    std::string judges;    // "all 14"
    std::string findings;  // "2", "1 known", "2 + 1 known"
    bool fresh = false;    // some finding is new
    std::string unreached;
    std::vector<GapText> gaps;
  };

  explicit OperatorTable(const ReportData& data);

  std::vector<Row> rows;
  std::string totals;  // a line; empty without operators
};

}  // namespace reports
