// summary.json and coverage.json: the summed records of an output directory, for other programs.
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "fuzz/campaign/run_record.h"
#include "oracles/oracle.h"

namespace fuzz {
namespace {

using Json = nlohmann::ordered_json;
using oracles::Judgement;
using oracles::Reach;

void add_counts(Json& json, const Counts& counts) {
  json["checks"] = counts.checks();
  json["agree"] = counts.of(Judgement::agree);
  json["both_raised"] = counts.of(Judgement::both_raised);
  json["differ"] = counts.of(Judgement::differ);
  json["incomparable"] = counts.of(Judgement::incomparable);
  json["crashes"] = counts.of(Judgement::crash);
  json["timeouts"] = counts.of(Judgement::timeout);
  json["memory"] = counts.of(Judgement::memory);
  json["refused"] = counts.of(Judgement::refused);
  json["over_budget"] = counts.of(Judgement::over_budget);
  json["gap"] = counts.of(Judgement::gap);
}

Json reach_json(const Counts& counts) {
  return {{"fallback", counts.of(Reach::fallback)},
          {"own", counts.of(Reach::own)},
          {"fallthrough", counts.of(Reach::fallthrough)},
          {"bypassed", counts.of(Reach::bypassed)}};
}

// An oracle whose reach is below its floor counts as not run, unless it has found something. Reach is the
// share of its cases that met its key or, where it has none, got a verdict.
bool reached(const std::string& name, const Counts& counts) {
  if (counts.detections() > 0) return true;
  const oracles::Oracle* oracle = oracles::find_oracle(name);
  if (!oracle) return counts.checks() > 0;
  const uint64_t met = oracle->key.empty() ? counts.checks()
                                           : counts.of(Reach::fallback) + counts.of(Reach::own) +
                                                 counts.of(Reach::fallthrough) + counts.of(Reach::bypassed);
  return met > 0 && static_cast<double>(met) >= oracle->reach_floor * static_cast<double>(counts.cases());
}

Json oracle_json(const std::string& name, const Counts& counts) {
  Json json = {{"name", name}};
  add_counts(json, counts);
  json["reach"] = reach_json(counts);
  json["not_run"] = !reached(name, counts);
  json["worst_share"] = counts.worst_share;
  return json;
}

Json findings_json(const std::vector<reports::Finding>& findings) {
  Json list = Json::array();
  for (const reports::Finding& finding : findings) {
    list.push_back({{"fingerprint", finding.fingerprint},
                    {"group", finding.group},
                    {"oracle", finding.signature.oracle},
                    {"operator", finding.signature.op},
                    {"kind", oracles::name_of(finding.signature.kind)},
                    {"case", "findings/" + finding.fingerprint + "/finding.case"},
                    {"known", finding.known}});
  }
  return list;
}

Json runs_json(const std::vector<RunRecord>& runs) {
  Json list = Json::array();
  for (const RunRecord& run : runs) {
    list.push_back({{"seed", run.rng_seed},
                    {"subject", run.subject},
                    {"subject_version", run.subject_version},
                    {"options", run.options},
                    {"version", run.faultline_version},
                    {"load", run.load},
                    {"cases", run.tally.cases}});
  }
  return list;
}

Tally sum_of(const std::vector<RunRecord>& runs) {
  Tally sum;
  for (const RunRecord& run : runs) sum.add(run.tally);
  return sum;
}

}  // namespace

std::string summary_json(const Totals& totals) {
  const Tally sum = sum_of(totals.runs);
  std::map<std::string, Counts> by_oracle = sum.by_oracle();
  double seconds = 0;
  for (const RunRecord& run : totals.runs) {
    seconds += run.seconds;
    for (const std::string& name : run.oracles) by_oracle[name];
  }
  Json json = {{"cases", sum.cases}};
  add_counts(json, sum.total());
  json["seconds"] = std::round(seconds * 1000) / 1000;
  json["unconfirmed"] = totals.unconfirmed;
  json["oracles"] = Json::array();
  for (const auto& [name, counts] : by_oracle) json["oracles"].push_back(oracle_json(name, counts));
  json["findings"] = findings_json(totals.findings);
  json["runs"] = runs_json(totals.runs);
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string coverage_json(const Totals& totals) {
  Json operators = Json::object();
  for (const auto& [name, tally] : sum_of(totals.runs).operators) {
    Json by_oracle = Json::object();
    for (const auto& [oracle, counts] : tally.oracles) {
      Json& json = by_oracle[oracle];
      add_counts(json, counts);
      json["worst_share"] = counts.worst_share;
    }
    operators[name] = {{"executed", tally.executed},
                       {"raised", tally.raised},
                       {"crashed", tally.crashed},
                       {"gaps", tally.gaps},
                       {"oracles", std::move(by_oracle)}};
  }
  return Json{{"operators", std::move(operators)}}.dump() + "\n";
}

}  // namespace fuzz
