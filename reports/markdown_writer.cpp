// Markdown for an issue, a pull request or a job summary: totals, a table of groups, details of new findings.
#include <fmt/format.h>

#include <algorithm>

#include "corpora/case/text.h"
#include "reports/finding_text.h"
#include "reports/operator_table.h"
#include "reports/writers.h"

namespace reports {
namespace {

constexpr size_t operators_in_cell = 8;

// Text for a table cell: one line, with the characters escaped that end the cell or start markup.
std::string cell(std::string_view text) {
  std::string out;
  for (const char ch : text) {
    if (ch == '|' || ch == '\\' || ch == '`' || ch == '*' || ch == '_' || ch == '<' || ch == '[') out += '\\';
    out += ch == '\n' ? ' ' : ch;
  }
  return out;
}

// A code block whose fence is longer than any run of backticks in the text.
std::string fenced(const std::string& text) {
  size_t longest = 2, run = 0;
  for (const char ch : text) {
    run = ch == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + "\n" + text + (text.ends_with('\n') ? "" : "\n") + fence + "\n";
}

std::string operators_in(const ReportData& data, const Group& group) {
  std::string list;
  const size_t shown = std::min(group.findings.size(), operators_in_cell);
  for (size_t i = 0; i < shown; ++i)
    list += (i ? ", " : "") + cell(data.findings[group.findings[i]].signature.op);
  if (group.findings.size() > shown) list += fmt::format(" and {} more", group.findings.size() - shown);
  return list;
}

// The last lines that a dead process printed.
std::string last_lines_of(const SideText& side, const oracles::Side& end) {
  return end.died() && !side.whole.empty() ? side.whole + "\n" : "";
}

std::string details(const Finding& finding) {
  const FindingText text = text_of(finding);
  std::string out = "### " + text.headline + "\n\n";
  out += fenced(text.call) + "\n";
  out += fenced(fmt::format("at {}\n{}: {}\n{}: {}\n{}", text.where, text.left.name, text.left.text,
                            text.right.name, text.right.text,
                            last_lines_of(text.right, finding.verdict.divergence.right)));
  out += "\n" + cell(text.expected) + " " + cell(text.look_at) + "\n";
  out += fmt::format("\nOracle {}, paths {} and {}:\n\n`{}`\n\n", finding.signature.oracle,
                     cell(corpora::to_string(finding.verdict.left)),
                     cell(corpora::to_string(finding.verdict.right)), replay_line(finding));
  out += fenced(corpora::to_text(finding.minimal)) + "\n";
  if (!finding.also.empty()) out += cell(also_shown_by(finding)) + ":\n\n";
  for (const Finding& other : finding.also)
    out += fmt::format("- {}: `{}`\n", cell(text_of(other).headline), replay_line(other));
  return finding.also.empty() ? out : out + "\n";
}

std::string operators_table(const ReportData& data) {
  const OperatorTable table(data);
  if (table.totals.empty()) return "";
  std::string text = "\n## Operators\n\n";
  if (!table.rows.empty())
    text += "| operator | drawn | accepted | findings | judged by | missing |\n|---|---|---|---|---|---|\n";
  for (const OperatorTable::Row& row : table.rows)
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(row.name), row.drawn, row.accepted,
                        row.findings, cell(row.judges), cell(row.missing));
  for (const OperatorTable::Advice& advice : table.advice) {
    text += "\n" + cell(advice.title) + "\n";
    for (const std::string& line : advice.lines) text += "- " + cell(line) + "\n";
  }
  return text + "\n" + table.totals + "\n";
}

std::string foreign_list(const ReportData& data) {
  if (data.foreign.empty()) return "";
  std::string text =
      "\n## On operators of the library\n\nNot the author's: no exit status depends on them.\n\n";
  for (const Finding& finding : data.foreign)
    text += fmt::format("- {}{}: `{}`\n", cell(text_of(finding).headline),
                        finding.known.empty() ? "" : " (known: " + cell(finding.known) + ")",
                        replay_line(finding));
  return text;
}

}  // namespace

std::string write_markdown(const ReportData& data) {
  const size_t fresh = data.fresh();
  std::string text = "# Faultline\n\n";
  text += fmt::format("{} cases, {} checks: {} findings in {} groups, {} new and {} known.\n\n", data.cases,
                      data.counts.checks(), data.findings.size(), data.groups.size(), fresh,
                      data.findings.size() - fresh);
  text += "| what differs | operators | findings | new | oracle | needs |\n|---|---|---|---|---|---|\n";
  for (const Group& group : data.groups) {
    const Finding& first = data.findings[group.findings.front()];
    text +=
        fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(text_of(first).title),
                    operators_in(data, group), group.findings.size(), group.fresh,
                    cell(first.signature.oracle), cell(fmt::format("{}", fmt::join(needs_of(first), ", "))));
  }
  if (fresh > 0) text += "\n## One new finding of each group\n\n";
  for (const Group& group : data.groups) {
    const auto first_new = std::find_if(group.findings.begin(), group.findings.end(),
                                        [&](size_t i) { return data.findings[i].is_new(); });
    if (first_new != group.findings.end()) text += details(data.findings[*first_new]);
  }
  return text + foreign_list(data) + operators_table(data);
}

}  // namespace reports
