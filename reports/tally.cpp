#include "reports/tally.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "reports/operator_gaps.h"

namespace reports {

using oracles::Judgement;
using oracles::Reach;

namespace {

constexpr std::pair<const char*, Judgement> judgement_names[] = {{"agree", Judgement::agree},
                                                                 {"both_raised", Judgement::both_raised},
                                                                 {"differ", Judgement::differ},
                                                                 {"incomparable", Judgement::incomparable},
                                                                 {"crashes", Judgement::crash},
                                                                 {"timeouts", Judgement::timeout},
                                                                 {"memory", Judgement::memory},
                                                                 {"refused", Judgement::refused},
                                                                 {"over_budget", Judgement::over_budget},
                                                                 {"gap", Judgement::gap}};
constexpr std::pair<const char*, Reach> reach_names[] = {{"fallback", Reach::fallback},
                                                         {"own", Reach::own},
                                                         {"fallthrough", Reach::fallthrough},
                                                         {"bypassed", Reach::bypassed}};
constexpr std::pair<const char*, uint64_t OperatorTally::*> ends[] = {
    {"drawn", &OperatorTally::drawn},
    {"accepted", &OperatorTally::accepted},
    {"executed", &OperatorTally::executed},
    {"raised", &OperatorTally::raised},
    {"crashed", &OperatorTally::crashed},
    {"gaps", &OperatorTally::gaps},
    {"differentiable", &OperatorTally::differentiable}};

uint64_t sum_of(const auto& counts) { return std::accumulate(counts.begin(), counts.end(), uint64_t{0}); }

}  // namespace

void VerdictCounts::add(const VerdictCounts& other) {
  std::ranges::transform(judgements, other.judgements, judgements.begin(), std::plus<>());
  std::ranges::transform(reach, other.reach, reach.begin(), std::plus<>());
  worst_share = std::max(worst_share, other.worst_share);
}

uint64_t VerdictCounts::cases() const { return sum_of(judgements); }

uint64_t VerdictCounts::checks() const {
  return cases() - of(Judgement::refused) - of(Judgement::over_budget) - of(Judgement::gap);
}

uint64_t VerdictCounts::reached() const { return sum_of(reach) - of(Reach::none); }

uint64_t VerdictCounts::detections() const {
  return of(Judgement::differ) + of(Judgement::crash) + of(Judgement::timeout) + of(Judgement::memory);
}

void OperatorTally::add(const OperatorTally& other) {
  for (const auto& [name, count] : ends) this->*count += other.*count;
  if (!other.last_error.empty()) last_error = other.last_error;
  if (!missing) {
    missing = other.missing;
  } else if (other.missing) {
    std::erase_if(*missing, [&](const oracles::OperatorGap& gap) {
      return std::ranges::find(*other.missing, gap.what, &oracles::OperatorGap::what) == other.missing->end();
    });
  }
  for (const auto& [name, counts] : other.oracles) oracles[name].add(counts);
}

void Tally::add(const Tally& other) {
  cases += other.cases;
  for (const auto& [name, tally] : other.operators) operators[name].add(tally);
}

std::map<std::string, VerdictCounts> Tally::by_oracle() const {
  std::map<std::string, VerdictCounts> sums;
  for (const auto& [name, tally] : operators)
    for (const auto& [oracle, counts] : tally.oracles) sums[oracle].add(counts);
  return sums;
}

VerdictCounts Tally::total() const {
  VerdictCounts sum;
  for (const auto& [oracle, counts] : by_oracle()) sum.add(counts);
  return sum;
}

void put_counts(Json& json, const VerdictCounts& counts) {
  json["checks"] = counts.checks();
  for (const auto& [name, judgement] : judgement_names) json[name] = counts.of(judgement);
}

VerdictCounts counts_of(const Json& json) {
  VerdictCounts counts;
  for (const auto& [name, judgement] : judgement_names)
    counts.judgements[static_cast<size_t>(judgement)] = json.value(name, uint64_t{0});
  const Json reach = json.value("reach", Json::object());
  for (const auto& [name, value] : reach_names)
    counts.reach[static_cast<size_t>(value)] = reach.value(name, uint64_t{0});
  counts.worst_share = json.value("worst_share", 0.0);
  return counts;
}

Json oracle_json(const std::string& name, const VerdictCounts& counts, bool not_run) {
  Json json = {{"name", name}};
  put_counts(json, counts);
  for (const auto& [reach, value] : reach_names) json["reach"][reach] = counts.of(value);
  json["not_run"] = not_run;
  json["worst_share"] = counts.worst_share;
  return json;
}

Json operators_json(const OperatorTallies& operators) {
  Json all = Json::object();
  for (const auto& [name, tally] : operators) {
    Json& json = all[name];
    for (const auto& [end, count] : ends) json[end] = tally.*count;
    json["last_error"] = tally.last_error;
    json["missing"] = gaps_json(gaps_of(tally));
    json["oracles"] = Json::object();
    for (const auto& [oracle, counts] : tally.oracles) {
      Json& one = json["oracles"][oracle];
      put_counts(one, counts);
      for (const auto& [reach, value] : reach_names)
        if (counts.of(value) > 0) one["reach"][reach] = counts.of(value);
      one["worst_share"] = counts.worst_share;
    }
  }
  return all;
}

OperatorTallies operators_of(const Json& json) {
  OperatorTallies operators;
  for (const auto& [name, one] : json.items()) {
    OperatorTally& tally = operators[name];
    for (const auto& [end, count] : ends) tally.*count = one.value(end, uint64_t{0});
    tally.last_error = one.value("last_error", "");
    if (const auto missing = one.find("missing"); missing != one.end()) tally.missing = gaps_from(*missing);
    const Json by_oracle = one.value("oracles", Json::object());
    for (const auto& [oracle, counts] : by_oracle.items()) tally.oracles[oracle] = counts_of(counts);
  }
  return operators;
}

}  // namespace reports
