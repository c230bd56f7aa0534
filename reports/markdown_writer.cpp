// Markdown for an issue, a pull request or a job summary: totals, a table of groups, the new findings'
// details.
#include <fmt/format.h>

#include <algorithm>

#include "corpora/case/text.h"
#include "reports/writers.h"

namespace reports {
namespace {

constexpr size_t operators_shown = 8;

// In a table cell: one line, nothing that ends the cell or starts markup.
std::string cell(std::string_view text) {
  std::string out;
  for (const char ch : text) {
    if (ch == '|' || ch == '\\' || ch == '`' || ch == '*' || ch == '_' || ch == '<' || ch == '[') out += '\\';
    out += ch == '\n' ? ' ' : ch;
  }
  return out;
}

// A fence longer than any run of backticks inside.
std::string fenced(const std::string& text) {
  size_t longest = 2, run = 0;
  for (const char ch : text) {
    run = ch == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + "\n" + text + (text.ends_with('\n') ? "" : "\n") + fence + "\n";
}

std::string operators_of(const ReportData& data, const Group& group) {
  std::string list;
  const size_t shown = std::min(group.findings.size(), operators_shown);
  for (size_t i = 0; i < shown; ++i)
    list += (i ? ", " : "") + cell(data.findings[group.findings[i]].signature.op);
  if (group.findings.size() > shown) list += fmt::format(" and {} more", group.findings.size() - shown);
  return list;
}

std::string details(const Finding& finding) {
  const oracles::Divergence& d = finding.verdict.divergence;
  std::string text = fmt::format("### {} ({})\n\n", cell(title_of(finding)), cell(finding.signature.op));
  text += fenced(fmt::format("{}\nleft   {}\n  {}\nright  {}\n  {}\n", d.where,
                             corpora::to_string(finding.verdict.left), d.left,
                             corpora::to_string(finding.verdict.right), d.right));
  if (!d.note.empty()) text += "\n" + cell(d.note) + "\n";
  return text + "\n`" + replay_line(finding) + "`\n\n" + fenced(corpora::to_text(finding.minimal)) + "\n";
}

}  // namespace

std::string write_markdown(const ReportData& data) {
  const size_t fresh = data.fresh();
  std::string text = "# Faultline\n\n";
  text += fmt::format("{} cases, {} checks: {} findings in {} groups, {} new and {} known.\n\n", data.cases,
                      data.counts.checks, data.findings.size(), data.groups.size(), fresh,
                      data.findings.size() - fresh);
  text += "| oracle | group | needs | findings | new | operators |\n|---|---|---|---|---|---|\n";
  for (const Group& group : data.groups) {
    const Finding& first = data.findings[group.findings.front()];
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(first.signature.oracle),
                        cell(title_of(first)), cell(fmt::format("{}", fmt::join(needs_of(first), ", "))),
                        group.findings.size(), group.fresh, operators_of(data, group));
  }
  if (fresh > 0) text += "\n## One new finding of each group\n\n";
  for (const Group& group : data.groups) {
    const auto first_new = std::find_if(group.findings.begin(), group.findings.end(),
                                        [&](size_t i) { return data.findings[i].known.empty(); });
    if (first_new != group.findings.end()) text += details(data.findings[*first_new]);
  }
  return text;
}

}  // namespace reports
