#include "reports/operator_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "corpora/case/program.h"
#include "reports/operator_gaps.h"

namespace reports {

namespace {

using oracles::Gap;
using oracles::OperatorGap;

constexpr std::array all_gaps{Gap::accepted_call, Gap::cpu_kernel, Gap::meta_kernel, Gap::autograd_formula};

// Of one sort of gap: how many operators have it, and the gap of the first one that has a row.
struct GapCount {
  size_t operators = 0;
  std::optional<OperatorGap> first;
};
using GapCounts = std::array<GapCount, all_gaps.size()>;

GapCount& count_of(GapCounts& counts, Gap gap) { return counts[static_cast<size_t>(gap)]; }

std::string count_text(std::pair<size_t, size_t> found) {
  const auto [fresh, known] = found;
  if (known == 0) return fmt::format("{}", fresh);
  return fresh == 0 ? fmt::format("{} known", known) : fmt::format("{} + {} known", fresh, known);
}

std::string operators_text(size_t n) { return fmt::format("{} operator{}", n, n == 1 ? "" : "s"); }

std::string totals_text(size_t operators, size_t with_findings, GapCounts& counts) {
  std::string text = fmt::format("{}: {} with findings", operators_text(operators), with_findings);
  for (const Gap gap : all_gaps)
    if (const size_t n = count_of(counts, gap).operators; n > 0)
      text += gap == Gap::accepted_call ? fmt::format(", {} with no or hardly any accepted call", n)
                                        : fmt::format(", {} without {}", n, noun_of(gap));
  return text;
}

std::string missing_text(const OperatorTally& tally) {
  std::string text;
  for (const OperatorGap& gap : gaps_of(tally)) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", noun_of(gap.what));
    if (gap.what != Gap::accepted_call) continue;
    if (tally.accepted > 0) text += "s";
    if (!tally.last_error.empty()) text += fmt::format(" (last error '{}')", tally.last_error);
    if (tally.last_error.empty() && tally.crashed > 0) text += fmt::format(" ({} crashed)", tally.crashed);
  }
  return text;
}

// What the gap means.
std::string_view meaning_of(Gap gap, bool compares_gradients) {
  switch (gap) {
    case Gap::accepted_call:
      return "the drawn arguments hardly test the operator";
    case Gap::cpu_kernel:
      return "every call raises";
    case Gap::meta_kernel:
      return "the oracle meta cannot judge the operator";
    case Gap::autograd_formula:
      break;
  }
  return compares_gradients ? "the operator itself records no gradient"
                            : "the operator itself records no gradient; no oracle compares gradients here";
}

OperatorTable::Advice advice_on(Gap gap, const GapCount& count, bool compares_gradients) {
  const std::string_view none = gap == Gap::accepted_call ? "no or hardly any" : "no";
  return {fmt::format("{} {} ({}): {}", none, noun_of(gap), operators_text(count.operators),
                      meaning_of(gap, compares_gradients)),
          advice_of(*count.first)};
}

}  // namespace

OperatorTable::OperatorTable(const ReportData& data) {
  const std::vector<std::string> oracles = data.oracle_names();
  auto findings = data.findings_by_operator();
  const bool all = data.operators.size() <= rows_max;
  size_t operators = 0, with_findings = 0;
  GapCounts counts;
  for (const auto& [name, tally] : data.operators) {
    if (name == corpora::program_operator) continue;
    ++operators;
    const auto found = findings[name];
    with_findings += found.first + found.second > 0;
    const std::vector<OperatorGap> gaps = gaps_of(tally);
    if (all) add_row(name, tally, found, oracles);
    for (const OperatorGap& gap : gaps) {
      GapCount& count = count_of(counts, gap.what);
      ++count.operators;
      if (!count.first) count.first = gap;
    }
  }
  if (operators == 0) return;
  const bool compares_gradients = std::ranges::count(oracles, "autograd") > 0;
  for (const Gap gap : all_gaps)
    if (const GapCount& count = count_of(counts, gap); all && count.first)
      advice.push_back(advice_on(gap, count, compares_gradients));
  totals = totals_text(operators, with_findings, counts);
  if (!all) totals += "; the HTML report and coverage.json list all";
}

void OperatorTable::add_row(const std::string& name, const OperatorTally& tally,
                            std::pair<size_t, size_t> found, const std::vector<std::string>& oracles) {
  Row row;
  row.name = name;
  row.drawn = tally.drawn;
  row.accepted = accepted_share(tally);
  row.accepts = tally.accepted > 0 || tally.drawn == 0;
  row.findings = count_text(found);
  row.fresh = found.first > 0;
  row.judges = judges_text(tally, oracles);
  row.missing = missing_text(tally);
  rows.push_back(std::move(row));
}

}  // namespace reports
