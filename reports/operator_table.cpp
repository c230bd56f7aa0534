#include "reports/operator_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "corpora/case/program.h"
#include "reports/operator_gaps.h"

namespace reports {

namespace {

using oracles::Gap;

std::string count_text(std::pair<size_t, size_t> found) {
  const auto [fresh, known] = found;
  if (known == 0) return fmt::format("{}", fresh);
  return fresh == 0 ? fmt::format("{} known", known) : fmt::format("{} + {} known", fresh, known);
}

std::string totals_text(size_t operators, size_t with_findings, const std::array<size_t, 4>& gaps) {
  const auto of = [&](Gap gap) { return gaps[static_cast<size_t>(gap)]; };
  return fmt::format(
      "{} operators: {} with findings; no or hardly any accepted call {}, no kernel for CPU {}, no Meta "
      "kernel "
      "{}, no autograd formula {}",
      operators, with_findings, of(Gap::accepted_call), of(Gap::cpu_kernel), of(Gap::meta_kernel),
      of(Gap::autograd_formula));
}

OperatorTable::Row row_of(const std::string& name, const OperatorTally& tally,
                          const std::vector<std::string>& oracles, std::pair<size_t, size_t> found) {
  OperatorTable::Row row;
  row.name = name;
  row.drawn = tally.drawn;
  row.accepted = accepted_share(tally);
  row.accepts = tally.accepted > 0 || tally.drawn == 0;
  row.judges = judges_text(tally, oracles);
  row.findings = count_text(found);
  row.fresh = found.first > 0;
  row.unreached = unreached_text(tally);
  for (const oracles::OperatorGap& gap : gaps_of(tally))
    row.gaps.push_back({text_of(gap.what, tally), advice_of(gap)});
  return row;
}

}  // namespace

OperatorTable::OperatorTable(const ReportData& data) {
  const std::vector<std::string> oracles = data.oracle_names();
  auto findings = data.findings_by_operator();
  size_t operators = 0, with_findings = 0, untested = 0;
  const bool all = data.operators.size() <= rows_max;
  std::array<size_t, 4> gap_counts{};
  for (const auto& [name, tally] : data.operators) {
    if (name == corpora::program_operator) continue;
    ++operators;
    const auto found = findings[name];
    with_findings += found.first + found.second > 0;
    for (const oracles::OperatorGap& gap : gaps_of(tally)) ++gap_counts[static_cast<size_t>(gap.what)];
    const size_t before = std::exchange(untested, gap_counts[static_cast<size_t>(Gap::accepted_call)]);
    if (all || (untested > before && rows.size() < rows_of_a_library))
      rows.push_back(row_of(name, tally, oracles, found));
  }
  if (operators == 0) return;
  totals = totals_text(operators, with_findings, gap_counts);
  if (!all && untested > rows.size()) totals += "; coverage.json lists all";
}

}  // namespace reports
