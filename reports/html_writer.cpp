// The HTML report: one file that needs no network. The page's markup, style and script are in embedded/; the
// data is JSON in which "<" is escaped, so that no text of a finding can end the element that contains it.
#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>
#include <unordered_map>

#include "corpora/case/text.h"
#include "reports/embedded.h"
#include "reports/files.h"
#include "reports/finding_text.h"
#include "reports/json_text.h"
#include "reports/operator_gaps.h"
#include "reports/reproducer.h"
#include "reports/writers.h"

namespace reports {
namespace {

using oracles::Judgement;

// Texts as lists of line numbers, because reproducers and traces share most of their lines.
class Lines {
 public:
  Json of_text(std::string_view text) { return of_lines(lines_of(text)); }
  Json of_lines(const std::vector<std::string>& lines) {
    Json ids = Json::array();
    for (const std::string& line : lines) ids.push_back(id_of(line));
    return ids;
  }
  const Json& all() const { return all_; }

 private:
  size_t id_of(const std::string& line) {
    const auto [at, added] = ids_.emplace(line, all_.size());
    if (added) all_.push_back(line);
    return at->second;
  }
  std::unordered_map<std::string, size_t> ids_;
  Json all_ = Json::array();
};

std::string short_number(double x) { return fmt::format("{:.4g}", x); }

Json side_json(const SideText& side) {
  return {{"name", side.name}, {"text", side.text}, {"whole", side.whole}};
}

Json finding_json(const Finding& f, Lines& lines) {
  const oracles::Divergence& d = f.verdict.divergence;
  const FindingText text = text_of(f);
  const Reproducer python = repro_py(f), cpp = repro_cpp(f);
  const std::string python_absent = f.repro_py_absent.empty() ? python.absent : f.repro_py_absent;
  Json json;
  json["fingerprint"] = f.fingerprint;
  json["group"] = f.group;
  json["oracle"] = f.signature.oracle;
  json["operator"] = f.signature.op;
  json["kind"] = oracles::name_of(f.signature.kind);
  json["known"] = f.known;
  json["left_path"] = corpora::to_string(f.verdict.left);
  json["right_path"] = corpora::to_string(f.verdict.right);
  json["headline"] = text.headline;
  json["call"] = lines.of_text(text.call);
  json["where"] = text.where;
  json["left"] = side_json(text.left);
  json["right"] = side_json(text.right);
  json["tier"] = oracles::name_of(d.tier);
  json["difference"] = short_number(d.difference);
  json["bound"] = short_number(d.bound);
  json["bound_reason"] = d.bound_reason;
  json["expected"] = text.expected;
  json["look_at"] = text.look_at;
  json["seed"] = f.origin.rng_seed;
  json["index"] = f.origin.index;
  json["replay"] = replay_line(f);
  json["also_shown_by"] = also_shown_by(f);
  json["also"] = Json::array();
  for (const Finding& other : f.also)
    json["also"].push_back({{"headline", text_of(other).headline},
                            {"fingerprint", other.fingerprint},
                            {"oracle", other.signature.oracle},
                            {"replay", replay_line(other)},
                            {"case", lines.of_text(corpora::to_text(other.minimal))}});
  json["left_trace"] = lines.of_lines(f.left_trace);
  json["right_trace"] = lines.of_lines(f.right_trace);
  json["case"] = lines.of_text(corpora::to_text(f.minimal));
  json["python"] = lines.of_text(python_absent.empty() ? python.text : "");
  json["python_absent"] = python_absent;
  json["cpp"] = lines.of_text(cpp.text);
  json["cpp_absent"] = cpp.absent;
  return json;
}

Json page_groups(const ReportData& data) {
  Json groups = Json::array();
  for (const Group& group : data.groups) {
    const Finding& first = data.findings[group.findings.front()];
    groups.push_back({{"id", group.id},
                      {"oracle", first.signature.oracle},
                      {"title", text_of(first).title},
                      {"needs", needs_of(first)},
                      {"fresh", group.fresh},
                      {"findings", group.findings}});
  }
  return groups;
}

// In the order of `oracles`; null if an oracle was not given the operator.
Json page_operators(const ReportData& data) {
  Json operators = Json::array();
  const std::vector<std::string> judges = data.oracle_names();
  for (const auto& [name, row] : data.operators) {
    Json by_oracle = Json::array();
    for (const OracleRow& oracle : data.oracles) {
      const auto at = row.oracles.find(oracle.name);
      if (at == row.oracles.end()) {
        by_oracle.push_back(nullptr);
        continue;
      }
      const VerdictCounts& c = at->second;
      by_oracle.push_back({c.checks(), c.of(Judgement::agree), c.of(Judgement::both_raised),
                           c.of(Judgement::incomparable), c.of(Judgement::refused), c.of(Judgement::gap)});
    }
    Json missing = Json::array();
    for (const oracles::OperatorGap& gap : gaps_of(row))
      missing.push_back({{"text", text_of(gap.what, row)}, {"advice", advice_of(gap)}});
    operators.push_back({{"name", name},
                         {"drawn", row.drawn},
                         {"accepted", row.accepted},
                         {"share", accepted_share(row)},
                         {"executed", row.executed},
                         {"gaps", row.gaps},
                         {"missing", missing},
                         {"judges", judges_text(row, judges)},
                         {"oracles", by_oracle}});
  }
  return operators;
}

Json oracles_json(const ReportData& data) {
  Json oracles = Json::array();
  for (const OracleRow& row : data.oracles) {
    oracles.push_back(oracle_json(row.name, row.counts, row.not_run));
    oracles.back()["not_run"] = line_if_not_run(row);
  }
  return oracles;
}

Json runs_json(const ReportData& data) {
  Json runs = Json::array();
  for (const RunRow& run : data.runs)
    runs.push_back({{"seed", fmt::format("{}", run.rng_seed)},
                    {"cases", run.cases},
                    {"subject", run.subject},
                    {"subject_version", run.subject_version},
                    {"options", run.options},
                    {"version", run.version}});
  return runs;
}

std::string data_json(const ReportData& data) {
  Lines lines;
  Json counts, findings = Json::array(), foreign = Json::array();
  put_counts(counts, data.counts);
  for (const Finding& finding : data.findings) findings.push_back(finding_json(finding, lines));
  for (const Finding& finding : data.foreign)
    foreign.push_back({{"headline", text_of(finding).headline},
                       {"known", finding.known},
                       {"replay", replay_line(finding)}});
  const Json json = {
      {"cases", data.cases},           {"seconds", data.seconds},       {"counts", counts},
      {"runs", runs_json(data)},       {"oracles", oracles_json(data)}, {"operators", page_operators(data)},
      {"groups", page_groups(data)},   {"findings", findings},          {"foreign", foreign},
      {"reasons", data.known_reasons}, {"lines", lines.all()}};
  return boost::replace_all_copy(json.dump(-1, ' ', false, Json::error_handler_t::replace), "<", "\\u003c");
}

std::string title(const ReportData& data) {
  const std::string subject = data.runs.empty() ? ""
                                                : fmt::format(" in {} {}", data.runs.front().subject,
                                                              data.runs.front().subject_version);
  const std::string text = fmt::format("Faultline: {} groups{}", data.groups.size(), subject);
  return boost::replace_all_copy(boost::replace_all_copy(text, "&", "&amp;"), "<", "&lt;");
}

}  // namespace

std::string write_html(const ReportData& data) {
  std::string page;
  std::string_view rest = embedded::page_html;
  for (;;) {
    const size_t open = rest.find("{{");
    const size_t close = rest.find("}}", open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    page += rest.substr(0, open);
    const std::string_view slot = rest.substr(open + 2, close - open - 2);
    if (slot == "title") page += title(data);
    if (slot == "css") page += embedded::page_css;
    if (slot == "js") page += embedded::page_js;
    if (slot == "data") page += data_json(data);
    rest.remove_prefix(close + 2);
  }
  return page.append(rest);
}

}  // namespace reports
