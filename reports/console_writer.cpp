// The report on a terminal: totals, then groups, the new ones first, a few operators each.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "reports/files.h"
#include "reports/finding_text.h"
#include "reports/operator_table.h"
#include "reports/writers.h"

namespace reports {
namespace {

using oracles::Judgement;

constexpr size_t operators_shown = 6;
constexpr size_t width = 100;
constexpr size_t lines_shown = 5;    // of what a dead process printed
constexpr size_t foreign_shown = 5;  // findings of the library
constexpr size_t names_wide = 44;    // a longer name has a line of its own

class Console {
 public:
  Console(const ReportData& data, bool colour) : data_(data), colour_(colour) {}

  std::string text() {
    totals();
    oracles();
    errors();
    groups();
    foreign();
    operators_table();
    return std::move(out_);
  }

 private:
  std::string painted(std::string_view code, std::string_view text) const {
    return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
  std::string bold(std::string_view text) const { return painted("1", text); }
  std::string dim(std::string_view text) const { return painted("2", text); }

  void totals() {
    const VerdictCounts& c = data_.counts;
    out_ += fmt::format("{} cases, {} checks in {:.1f} s", data_.cases, c.checks(), data_.seconds);
    if (data_.seconds > 0)
      out_ += fmt::format(", {:.0f} checks a second", static_cast<double>(c.checks()) / data_.seconds);
    out_ += fmt::format(
        "\n  agree {}, both raised {}, incomparable {}, differ {}, crashes {}, timeouts {}, memory {}\n",
        c.of(Judgement::agree), c.of(Judgement::both_raised), c.of(Judgement::incomparable),
        c.of(Judgement::differ), c.of(Judgement::crash), c.of(Judgement::timeout), c.of(Judgement::memory));
    out_ += dim(fmt::format("  not checks: refused {}, gaps {}, over budget {}\n", c.of(Judgement::refused),
                            c.of(Judgement::gap), c.of(Judgement::over_budget)));
  }

  void oracles() {
    for (const OracleRow& row : data_.oracles)
      if (const std::string line = line_if_not_run(row); !line.empty())
        out_ += painted("33", "  " + line + "\n");
  }

  // A bound that nothing comes near is too loose.
  void errors() {
    std::string list;
    for (const auto& [name, row] : data_.operators)
      if (const auto at = row.oracles.find("reference");
          at != row.oracles.end() && at->second.worst_share > 0)
        list += fmt::format("{}{} {:.2f}", list.empty() ? "" : ", ", name, at->second.worst_share);
    if (!list.empty()) out_ += dim("  largest errors, as shares of their bounds: " + list) + "\n";
  }

  void groups() {
    const size_t fresh = data_.fresh();
    out_ += "\n" + bold(fmt::format("{} findings in {} groups: {} new, {} known\n", data_.findings.size(),
                                    data_.groups.size(), fresh, data_.findings.size() - fresh));
    bool in_known = false;
    for (const Group& group : data_.groups) {
      if (group.fresh == 0 && !in_known) {
        out_ += "\n" + dim("known, each with the entry that explains it:") + "\n";
        in_known = true;
      }
      one_group(group);
    }
  }

  void one_group(const Group& group) {
    const Finding& first = data_.findings[group.findings.front()];
    const FindingText text = text_of(first);
    out_ += "\n" + (group.fresh > 0 ? painted("1;31", text.title) : dim(text.title)) + "\n";
    out_ += "  in " + operators(group) + "\n";
    if (group.fresh == 0) {
      out_ += "  " + dim("known: " + first.known) + "\n";
      return;
    }
    for (const std::string& line : lines_of(text.call)) out_ += "    " + cut(line) + "\n";
    const size_t longest = std::max(text.left.name.size(), text.right.name.size());
    for (const SideText& side : {text.left, text.right})
      out_ += fmt::format("  {:<{}}  {}\n", side.name, longest, cut(side.text));
    if (first.verdict.divergence.right.died())
      for (const std::string& line : last(lines_of(text.right.whole), lines_shown))
        out_ += "    " + dim(cut(line)) + "\n";
    out_ += "  at " + text.where + "\n";
    out_ += "  " + text.look_at + "\n";
    if (const std::string needs = fmt::format("{}", fmt::join(needs_of(first), ", ")); !needs.empty())
      out_ += "  " + dim("needs: " + needs) + "\n";
    if (const std::string also = also_shown_by(first); !also.empty()) out_ += "  " + dim(also) + "\n";
    out_ += "  " + dim(fmt::format("oracle {}: {}", first.signature.oracle, replay_line(first))) + "\n";
  }

  // Findings that are not the author's, briefly.
  void foreign() {
    const size_t count = data_.foreign.size();
    if (count == 0) return;
    out_ += "\n" + fmt::format(
                       "{} more on operators of the library, not yours; the exit status ignores "
                       "them:\n",
                       count);
    const size_t shown = count > foreign_shown + 1 ? foreign_shown : count;
    for (size_t i = 0; i < shown; ++i) {
      const Finding& finding = data_.foreign[i];
      const std::string known = finding.known.empty() ? "" : fmt::format(" (known: {})", finding.known);
      out_ += fmt::format("  {}{}\n    {}\n", text_of(finding).headline, known, dim(replay_line(finding)));
    }
    if (shown < count)
      out_ += fmt::format("  and {} more: with \"owner\": \"library\" in summary.json\n", count - shown);
  }

  void operators_table() {
    const OperatorTable table(data_);
    if (table.totals.empty()) return;
    out_ += "\n";
    if (!table.rows.empty()) table_rows(table.rows);
    for (const OperatorTable::Advice& advice : table.advice) {
      out_ += painted("33", advice.title) + "\n";
      for (const std::string& line : advice.lines) out_ += "  " + line + "\n";
    }
    out_ += bold(table.totals) + "\n";
  }

  void table_rows(const std::vector<OperatorTable::Row>& rows) {
    const auto widest = [&](std::string_view title, const auto& text_of_row) {
      size_t wide = title.size();
      for (const OperatorTable::Row& row : rows) wide = std::max(wide, text_of_row(row).size());
      return wide;
    };
    using Row = OperatorTable::Row;
    const size_t names =
        std::min(names_wide, widest("operator", [](const Row& row) { return std::string_view(row.name); }));
    const size_t findings = widest("findings", [](const Row& row) { return std::string_view(row.findings); });
    const size_t judges = widest("judged by", [](const Row& row) { return std::string_view(row.judges); });
    out_ += bold(fmt::format("{:<{}}  {:>7}  {:>8}  {:>{}}  {:<{}}  missing", "operator", names, "drawn",
                             "accepted", "findings", findings, "judged by", judges)) +
            "\n";
    for (const Row& row : rows) {
      const auto cell = [&](std::string_view text, size_t wide, bool hot) {
        const std::string padded = fmt::format("{:>{}}", text, wide);
        return hot ? painted("1;31", padded) : padded;
      };
      const std::string colour = row.fresh ? "1;31" : row.missing.empty() ? "32" : "33";
      if (row.name.size() > names)
        out_ += fmt::format("{}\n{:<{}}", painted(colour, row.name), "", names);
      else
        out_ += painted(colour, fmt::format("{:<{}}", row.name, names));
      out_ += fmt::format("  {:>7}  {}  {}  ", row.drawn, cell(row.accepted, 8, !row.accepts),
                          cell(row.findings, findings, row.fresh));
      out_ += row.missing.empty() ? row.judges + "\n"
                                  : fmt::format("{:<{}}  {}\n", row.judges, judges, cut(row.missing));
    }
    out_ += "\n";
  }

  static std::vector<std::string> last(std::vector<std::string> lines, size_t n) {
    if (lines.size() > n) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(n));
    return lines;
  }

  // One line of a terminal.
  static std::string cut(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text.size() > width ? text.substr(0, width) + "..." : text;
  }

  std::string operators(const Group& group) const {
    std::string list;
    const size_t shown = std::min(group.findings.size(), operators_shown);
    for (size_t i = 0; i < shown; ++i)
      list += (i ? ", " : "") + data_.findings[group.findings[i]].signature.op;
    if (group.findings.size() > shown) list += fmt::format(" and {} more", group.findings.size() - shown);
    return list;
  }

  const ReportData& data_;
  const bool colour_;
  std::string out_;
};

}  // namespace

std::string write_console(const ReportData& data, bool colour) { return Console(data, colour).text(); }

void print_console(const std::string& out_directory, std::FILE* stream) {
  const bool colour = isatty(fileno(stream)) && !std::getenv("NO_COLOR");
  fmt::print(stream, "{}", write_console(read_report({out_directory}), colour));
  fmt::print(stream, "everything: faultline report {} --format html -o report.html\n", out_directory);
}

}  // namespace reports
