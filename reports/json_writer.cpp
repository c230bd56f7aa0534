// The whole report for programs: totals, oracles, operators, groups, findings.
#include <fmt/format.h>

#include "corpora/case/text.h"
#include "reports/finding_json.h"
#include "reports/finding_text.h"
#include "reports/json_text.h"
#include "reports/writers.h"

namespace reports {
namespace {

void put_counts(Json& json, const VerdictCounts& c) {
  json["checks"] = c.checks;
  json["agree"] = c.agree;
  json["both_raised"] = c.both_raised;
  json["differ"] = c.differ;
  json["incomparable"] = c.incomparable;
  json["crashes"] = c.crashes;
  json["timeouts"] = c.timeouts;
  json["memory"] = c.memory;
  json["refused"] = c.refused;
  json["over_budget"] = c.over_budget;
  json["gap"] = c.gap;
}

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
  return json;
}

Json operators_json(const ReportData& data) {
  Json operators = Json::object();
  for (const auto& [name, row] : data.operators) {
    Json by_oracle = Json::object();
    for (const auto& [oracle, counts] : row.oracles) put_counts(by_oracle[oracle], counts);
    operators[name] = {{"executed", row.executed},
                       {"raised", row.raised},
                       {"crashed", row.crashed},
                       {"gaps", row.gaps},
                       {"oracles", by_oracle}};
  }
  return operators;
}

}  // namespace

std::string write_json(const ReportData& data) {
  Json json = {{"cases", data.cases}};
  put_counts(json, data.counts);
  json["seconds"] = data.seconds;
  json["unconfirmed"] = data.unconfirmed;
  json["oracles"] = Json::array();
  for (const OracleRow& row : data.oracles) {
    Json one = {{"name", row.name}};
    put_counts(one, row.counts);
    one["reach"] = {{"fallback", row.fallback},
                    {"own", row.own},
                    {"fallthrough", row.fallthrough},
                    {"bypassed", row.bypassed}};
    one["not_run"] = row.not_run;
    json["oracles"].push_back(std::move(one));
  }
  json["groups"] = groups_json(data);
  json["findings"] = Json::array();
  for (const Finding& finding : data.findings) json["findings"].push_back(finding_json(finding));
  json["operators"] = operators_json(data);
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
