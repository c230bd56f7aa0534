#include "reports/report_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "engine/core/input_error.h"
#include "oracles/oracle.h"
#include "reports/files.h"
#include "reports/json_text.h"

namespace reports {
namespace {

namespace fs = std::filesystem;

VerdictCounts counts_of(const Json& json) {
  VerdictCounts c;
  const auto take = [&](const char* key) { return json.value(key, uint64_t{0}); };
  c.checks = take("checks");
  c.agree = take("agree");
  c.both_raised = take("both_raised");
  c.differ = take("differ");
  c.incomparable = take("incomparable");
  c.crashes = take("crashes");
  c.timeouts = take("timeouts");
  c.memory = take("memory");
  c.refused = take("refused");
  c.over_budget = take("over_budget");
  c.gap = take("gap");
  return c;
}

void add_oracle(ReportData& data, const Json& json) {
  const std::string name = json.at("name");
  const auto at = std::lower_bound(data.oracles.begin(), data.oracles.end(), name,
                                   [](const OracleRow& row, const std::string& n) { return row.name < n; });
  OracleRow& row = at != data.oracles.end() && at->name == name
                       ? *at
                       : *data.oracles.insert(at, OracleRow{name, {}, 0, 0, 0, 0, true, true});
  row.counts.add(counts_of(json));
  const Json reach = json.value("reach", Json::object());
  row.fallback += reach.value("fallback", uint64_t{0});
  row.own += reach.value("own", uint64_t{0});
  row.fallthrough += reach.value("fallthrough", uint64_t{0});
  row.bypassed += reach.value("bypassed", uint64_t{0});
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
  const Json operators = json.value("operators", Json::object());
  for (const auto& [name, one] : operators.items()) {
    OperatorRow& row = data.operators[name];
    row.executed += one.value("executed", uint64_t{0});
    row.raised += one.value("raised", uint64_t{0});
    row.crashed += one.value("crashed", uint64_t{0});
    row.gaps += one.value("gaps", uint64_t{0});
    const Json by_oracle = one.value("oracles", Json::object());
    for (const auto& [oracle, counts] : by_oracle.items()) row.oracles[oracle].add(counts_of(counts));
    const Json reference = by_oracle.value("reference", Json::object());
    row.reference_share = std::max(row.reference_share, reference.value("worst_share", 0.0));
  }
}

template <class Add>
void read_json_file(const fs::path& file, Add&& add) {
  const std::string text = read_text(file.string());
  const Json json = parse_json(text, file.string(), "this file is written by 'faultline run'");
  try {
    add(json);
  } catch (const Json::exception& error) {
    throw engine::InputError(file.string() + ":1:1",
                             fmt::format("not as 'faultline run' writes it: {}", error.what()));
  }
}

}  // namespace

void VerdictCounts::add(const VerdictCounts& o) {
  checks += o.checks;
  agree += o.agree;
  both_raised += o.both_raised;
  differ += o.differ;
  incomparable += o.incomparable;
  crashes += o.crashes;
  timeouts += o.timeouts;
  memory += o.memory;
  refused += o.refused;
  over_budget += o.over_budget;
  gap += o.gap;
}

std::string line_if_not_run(const OracleRow& row) {
  const oracles::Oracle* oracle = oracles::find_oracle(row.name);
  if (!row.not_run || !row.is_for_subject || row.counts.detections() > 0 || !oracle) return {};
  std::string line = fmt::format("oracle {} counts as not run: ", row.name);
  if (row.counts.cases() == 0) return line + "it was given no case";
  if (oracle->key.empty())
    line += fmt::format("{} of {} cases got a verdict", row.counts.checks, row.counts.cases());
  else
    line +=
        fmt::format("{} of {} cases met the key {}", row.fallback + row.own + row.fallthrough + row.bypassed,
                    row.counts.cases(), oracle->key);
  return line + fmt::format(", and the floor is {} %", 100 * oracle->reach_floor);
}

size_t ReportData::fresh() const {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(), [](const Finding& f) { return f.known.empty(); }));
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
  for (Finding& finding : data.findings)
    if (const KnownEntry* entry = finding.known.empty() ? known.match(finding) : nullptr)
      finding.known = entry->name;
  for (const KnownEntry& entry : known.entries()) data.known_reasons[entry.name] = entry.reason;
  std::sort(data.findings.begin(), data.findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.group, a.signature.op, a.fingerprint) <
           std::tie(b.group, b.signature.op, b.fingerprint);
  });
  const auto same = [](const Finding& a, const Finding& b) { return a.fingerprint == b.fingerprint; };
  data.findings.erase(std::unique(data.findings.begin(), data.findings.end(), same), data.findings.end());
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

}  // namespace reports
