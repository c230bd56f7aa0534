#include "fuzz/campaign/summary.h"

#include <cmath>
#include <map>

#include "oracles/oracle.h"
#include "reports/operator_gaps.h"

namespace fuzz {
namespace {

using reports::Json;
using reports::Tally;
using reports::VerdictCounts;

// An oracle whose reach is below its floor counts as not run, unless it has found something. Reach is the
// share of its cases that met its key or, where it has none, got a verdict.
bool is_run(const std::string& name, const VerdictCounts& counts) {
  if (counts.detections() > 0) return true;
  const oracles::Oracle* oracle = oracles::find_oracle(name);
  if (!oracle) return counts.checks() > 0;
  const uint64_t met = oracle->key.empty() ? counts.checks() : counts.reached();
  return met > 0 && static_cast<double>(met) >= oracle->reach_floor * static_cast<double>(counts.cases());
}

Json findings_json(const std::vector<reports::Finding>& findings) {
  Json list = Json::array();
  for (const reports::Finding& finding : findings) {
    Json also = Json::array();
    for (const reports::Finding& other : finding.also)
      also.push_back({{"fingerprint", other.fingerprint},
                      {"oracle", other.signature.oracle},
                      {"kind", oracles::name_of(other.signature.kind)},
                      {"group", other.group}});
    list.push_back({{"fingerprint", finding.fingerprint},
                    {"group", finding.group},
                    {"oracle", finding.signature.oracle},
                    {"operator", finding.signature.op},
                    {"kind", oracles::name_of(finding.signature.kind)},
                    {"case", "findings/" + finding.fingerprint + "/finding.case"},
                    {"owner", reports::name_of(finding.owner)},
                    {"known", finding.known},
                    {"also", std::move(also)}});
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

// In short: coverage.json has the rest.
Json operators_json(const Tally& sum, const std::vector<reports::Finding>& findings) {
  std::map<std::string, uint64_t> found;
  for (const reports::Finding& finding : findings) ++found[finding.signature.op];
  Json all = Json::object();
  for (const auto& [name, tally] : sum.operators) {
    Json gaps = Json::array();
    for (const oracles::OperatorGap& gap : reports::gaps_of(tally))
      gaps.push_back(reports::name_of(gap.what));
    all[name] = {
        {"drawn", tally.drawn}, {"accepted", tally.accepted}, {"findings", found[name]}, {"missing", gaps}};
  }
  return all;
}

Tally sum_of(const std::vector<RunRecord>& runs) {
  Tally sum;
  for (const RunRecord& run : runs) sum.add(run.tally);
  return sum;
}

}  // namespace

std::string summary_json(const Totals& totals) {
  const Tally sum = sum_of(totals.runs);
  std::map<std::string, VerdictCounts> by_oracle = sum.by_oracle();
  double seconds = 0;
  for (const RunRecord& run : totals.runs) {
    seconds += run.seconds;
    for (const std::string& name : run.oracles) by_oracle[name];
  }
  Json json = {{"cases", sum.cases}};
  reports::put_counts(json, sum.total());
  json["seconds"] = std::round(seconds * 1000) / 1000;
  json["unconfirmed"] = totals.unconfirmed;
  json["oracles"] = Json::array();
  for (const auto& [name, counts] : by_oracle)
    json["oracles"].push_back(reports::oracle_json(name, counts, !is_run(name, counts)));
  json["findings"] = findings_json(totals.findings);
  json["operators"] = operators_json(sum, totals.findings);
  json["runs"] = runs_json(totals.runs);
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string coverage_json(const Totals& totals) {
  const Json json = {{"operators", reports::operators_json(sum_of(totals.runs).operators)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fuzz
