// The whole report for programs: totals, oracles, operators, groups, findings.
#include <fmt/format.h>

#include "corpora/case/text.h"
#include "reports/finding_json.h"
#include "reports/finding_text.h"
#include "reports/json_text.h"
#include "reports/writers.h"

namespace reports {
namespace {

Json groups_json(const ReportData& data) {
  Json groups = Json::array();
  for (const Group& group : data.groups) {
    const Finding& first = data.findings[group.findings.front()];
    Json fingerprints = Json::array();
    for (size_t i : group.findings) fingerprints.push_back(data.findings[i].fingerprint);
    groups.push_back({{"group", group.id},
                      {"oracle", first.signature.oracle},
                      {"kind", oracles::name_of(first.signature.kind)},
                      {"title", text_of(first).title},
                      {"features", first.features},
                      {"new", group.fresh},
                      {"findings", fingerprints}});
  }
  return groups;
}

Json finding_json(const Finding& finding) {
  Json json = Json::parse(to_json(finding));
  json["case"] = corpora::to_text(finding.minimal);
  json["replay"] = replay_line(finding);
  json["also"] = Json::array();
  for (const Finding& other : finding.also) json["also"].push_back(finding_json(other));
  return json;
}

}  // namespace

std::string write_json(const ReportData& data) {
  Json json = {{"cases", data.cases}};
  put_counts(json, data.counts);
  json["seconds"] = data.seconds;
  json["unconfirmed"] = data.unconfirmed;
  json["oracles"] = Json::array();
  for (const OracleRow& row : data.oracles)
    json["oracles"].push_back(oracle_json(row.name, row.counts, row.not_run));
  json["groups"] = groups_json(data);
  json["findings"] = Json::array();
  for (const Finding& finding : data.findings) json["findings"].push_back(finding_json(finding));
  json["findings_of_library"] = Json::array();
  for (const Finding& finding : data.foreign) json["findings_of_library"].push_back(finding_json(finding));
  json["operators"] = operators_json(data.operators);
  json["runs"] = Json::array();
  for (const RunRow& run : data.runs)
    json["runs"].push_back({{"seed", run.rng_seed},
                            {"cases", run.cases},
                            {"subject", run.subject},
                            {"subject_version", run.subject_version},
                            {"options", run.options},
                            {"version", run.version}});
  return print_json(json);
}

}  // namespace reports
