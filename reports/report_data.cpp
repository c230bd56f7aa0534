#include "reports/report_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <utility>

#include "engine/core/input_error.h"
#include "oracles/oracle.h"
#include "reports/files.h"
#include "reports/json_text.h"
#include "reports/plainness.h"

namespace reports {
namespace {

namespace fs = std::filesystem;

void add_oracle(ReportData& data, const Json& json) {
  const std::string name = json.at("name");
  const auto at = std::lower_bound(data.oracles.begin(), data.oracles.end(), name,
                                   [](const OracleRow& row, const std::string& n) { return row.name < n; });
  OracleRow& row = at != data.oracles.end() && at->name == name
                       ? *at
                       : *data.oracles.insert(at, OracleRow{name, {}, true, true});
  row.counts.add(counts_of(json));
  row.not_run = row.not_run && json.value("not_run", false);
}

void add_summary(ReportData& data, const Json& json) {
  data.cases += json.value("cases", uint64_t{0});
  data.unconfirmed += json.value("unconfirmed", uint64_t{0});
  data.seconds += json.value("seconds", 0.0);
  data.counts.add(counts_of(json));
  for (const Json& oracle : json.value("oracles", Json::array())) add_oracle(data, oracle);
  for (const Json& run : json.value("runs", Json::array()))
    data.runs.push_back({run.value("seed", uint64_t{0}), run.value("cases", uint64_t{0}),
                         run.value("subject", ""), run.value("subject_version", ""), run.value("options", ""),
                         run.value("version", "")});
}

void add_coverage(ReportData& data, const Json& json) {
  for (const auto& [name, tally] : operators_of(json.value("operators", Json::object())))
    data.operators[name].add(tally);
}

template <class Add>
void read_json_file(const fs::path& file, Add&& add) {
  const std::string text = read_text(file.string());
  const Json json = parse_json(text, file.string(), "this file is written by 'faultline run'");
  try {
    add(json);
  } catch (const Json::exception& error) {
    throw engine::InputError(file.string() + ":1:1",
                             fmt::format("expected the form that 'faultline run' writes: {}", error.what()));
  }
}

// Two folders may hold the same finding, each with other findings on the same mistake, or one as a part.
void keep_each_once(std::vector<Finding>& findings) {
  std::ranges::sort(findings, [](const Finding& a, const Finding& b) {
    if (a.also.empty() != b.also.empty()) return b.also.empty();
    return in_report_order(a, b);
  });
  std::map<std::string, size_t> place;  // of each fingerprint, also of those in `also`
  std::vector<Finding> kept;
  for (Finding& finding : findings) {
    const auto [at, is_new] = place.emplace(finding.fingerprint, kept.size());
    const size_t into = at->second;
    std::vector<Finding> also = std::exchange(finding.also, {});
    if (is_new) kept.push_back(std::move(finding));
    for (Finding& other : also)
      if (place.emplace(other.fingerprint, into).second) kept[into].also.push_back(std::move(other));
  }
  std::ranges::sort(kept, in_report_order);
  findings = std::move(kept);
}

}  // namespace

std::string line_if_not_run(const OracleRow& row) {
  const oracles::Oracle* oracle = oracles::find_oracle(row.name);
  if (!row.not_run || !row.is_for_subject || row.counts.detections() > 0 || !oracle) return {};
  const uint64_t cases = row.counts.cases();
  if (cases == 0 && oracle->of_programs) return {};  // runs of chosen operators draw no dispatch programs
  std::string line = fmt::format("oracle {} counts as not run: ", row.name);
  if (cases == 0) return line + "it was given no case";
  line += oracle->key.empty()
              ? fmt::format("it could judge {} of {} cases", row.counts.checks(), cases)
              : fmt::format("{} of {} cases met the key {}", row.counts.reached(), cases, oracle->key);
  return line + fmt::format(", and {} % are needed", 100 * oracle->reach_floor);
}

size_t ReportData::fresh() const {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(), [](const Finding& f) { return f.is_new(); }));
}

std::vector<std::string> ReportData::oracle_names() const {
  std::vector<std::string> names;
  for (const OracleRow& row : oracles) {
    const oracles::Oracle* oracle = oracles::find_oracle(row.name);
    if (row.is_for_subject && !(oracle && oracle->of_programs)) names.push_back(row.name);
  }
  return names;
}

std::map<std::string, std::pair<size_t, size_t>> ReportData::findings_by_operator() const {
  std::map<std::string, std::pair<size_t, size_t>> found;
  for (const Finding& finding : findings) {
    auto& [fresh, known] = found[finding.signature.op];
    ++(finding.known.empty() ? fresh : known);
  }
  return found;
}

ReportData read_report(const std::vector<std::string>& out_directories, const KnownEntries& known) {
  ReportData data;
  for (const std::string& directory : out_directories) {
    const fs::path root(directory);
    if (!fs::exists(root / "summary.json"))
      throw engine::InputError(directory,
                               "is not an output folder of 'faultline run': it has no summary.json");
    read_json_file(root / "summary.json", [&](const Json& json) { add_summary(data, json); });
    if (fs::exists(root / "coverage.json"))
      read_json_file(root / "coverage.json", [&](const Json& json) { add_coverage(data, json); });
    for (Finding& finding : read_findings(directory)) data.findings.push_back(std::move(finding));
  }
  for (OracleRow& row : data.oracles) {
    const oracles::Oracle* oracle = oracles::find_oracle(row.name);
    row.is_for_subject = oracle == nullptr || std::ranges::any_of(data.runs, [&](const RunRow& run) {
                           return oracles::judges_subject(*oracle, run.subject);
                         });
  }
  // A finding may have been accepted after the run that wrote it.
  const auto look_up = [&](Finding& finding) {
    if (const KnownEntry* entry = finding.known.empty() ? known.match(finding) : nullptr)
      finding.known = entry->name;
  };
  for (Finding& finding : data.findings) {
    for_each_finding(finding, look_up);
    put_primary_first(finding);
  }
  for (const KnownEntry& entry : known.entries()) data.known_reasons[entry.name] = entry.reason;
  keep_each_once(data.findings);
  std::ranges::copy_if(data.findings, std::back_inserter(data.foreign), &Finding::is_foreign);
  std::erase_if(data.findings, [](const Finding& finding) { return finding.is_foreign(); });
  group_findings(data);
  return data;
}

void group_findings(ReportData& data) {
  data.groups.clear();
  std::map<std::string, size_t> index;
  for (size_t i = 0; i < data.findings.size(); ++i) {
    const Finding& finding = data.findings[i];
    const auto [at, added] = index.emplace(finding.group, data.groups.size());
    if (added) data.groups.push_back({finding.group, {}, 0});
    Group& group = data.groups[at->second];
    group.findings.push_back(i);
    group.fresh += finding.known.empty();
  }
  std::sort(data.groups.begin(), data.groups.end(), [](const Group& a, const Group& b) {
    if ((a.fresh > 0) != (b.fresh > 0)) return a.fresh > 0;
    if (a.findings.size() != b.findings.size()) return a.findings.size() > b.findings.size();
    return a.id < b.id;
  });
}

std::string replay_line(const Finding& finding) {
  const std::string& device = finding.origin.device;
  return "faultline replay " + (device.empty() || device == "cpu" ? "" : "--device " + device + " ") +
         (finding.directory.empty() ? "findings/" + finding.fingerprint : finding.directory);
}

}  // namespace reports
