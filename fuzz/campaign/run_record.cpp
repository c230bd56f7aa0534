#include "fuzz/campaign/run_record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "fuzz/campaign/campaign.h"
#include "reports/operator_gaps.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string hash_text(const std::string& text) {
  return fmt::format("{:016x}", static_cast<uint64_t>(XXH3_64bits(text.data(), text.size())));
}

using reports::OperatorTally;
using reports::Tally;
using reports::VerdictCounts;

Json json_of(const VerdictCounts& counts) { return {counts.judgements, counts.reach, counts.worst_share}; }

VerdictCounts counts_of(const Json& json) {
  VerdictCounts counts;
  json.at(0).get_to(counts.judgements);
  json.at(1).get_to(counts.reach);
  json.at(2).get_to(counts.worst_share);
  return counts;
}

Json json_of(const Tally& tally) {
  const std::vector<oracles::OperatorGap> no_gaps;
  Json operators = Json::object();
  for (const auto& [name, of_op] : tally.operators) {
    Json by_oracle = Json::object();
    for (const auto& [oracle, counts] : of_op.oracles) by_oracle[oracle] = json_of(counts);
    operators[name] = {
        of_op.drawn,          of_op.accepted,   of_op.executed,
        of_op.raised,         of_op.crashed,    of_op.gaps,
        of_op.differentiable, of_op.last_error, reports::gaps_json(of_op.missing.value_or(no_gaps)),
        std::move(by_oracle)};
  }
  return operators;
}

Tally tally_of(const Json& json, uint64_t cases) {
  Tally tally;
  tally.cases = cases;
  for (const auto& [name, of_op] : json.items()) {
    OperatorTally& to = tally.operators[name];
    to.drawn = of_op.at(0);
    to.accepted = of_op.at(1);
    to.executed = of_op.at(2);
    to.raised = of_op.at(3);
    to.crashed = of_op.at(4);
    to.gaps = of_op.at(5);
    to.differentiable = of_op.at(6);
    to.last_error = of_op.at(7);
    to.missing = reports::gaps_from(of_op.at(8));
    for (const auto& [oracle, counts] : of_op.at(9).items()) to.oracles[oracle] = counts_of(counts);
  }
  return tally;
}

std::optional<RunRecord> read_record(const fs::path& file) {
  const Json json = Json::parse(read_text(file), nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  try {
    RunRecord record;
    record.key = json.at("key");
    record.rng_seed = json.at("seed");
    record.subject = json.at("subject");
    record.subject_version = json.at("subject_version");
    record.faultline_version = json.at("version");
    record.options = json.at("options");
    record.load = json.at("load").get<std::vector<std::string>>();
    record.oracles = json.at("oracles").get<std::vector<std::string>>();
    record.seconds = json.at("seconds");
    record.tally = tally_of(json.at("operators"), json.at("cases"));
    return record;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;  // written by another version of Faultline
  }
}

}  // namespace

RunRecord record_of(const std::string& subject, const std::string& subject_version,
                    const std::vector<std::string>& operators, const CampaignOptions& options) {
  RunRecord record;
  record.rng_seed = options.rng_seed;
  record.subject = subject;
  record.subject_version = subject_version;
  record.faultline_version = FAULTLINE_VERSION;
  record.options = options.options_text;
  const std::string knowledge = options.knowledge.empty() ? "" : hash_text(options.knowledge);
  if (!knowledge.empty()) record.options += " knowledge=" + knowledge;
  record.load = options.load;
  for (const oracles::Oracle* oracle : options.oracles) record.oracles.emplace_back(oracle->name);
  std::string identity = fmt::format("{}\n{} {}\n{}\n{} {}\n", record.rng_seed, subject, subject_version,
                                     record.faultline_version, options.timeout_seconds, options.memory_mib);
  for (const std::string& library : options.load)
    identity += fmt::format("load {} {}\n", library, hash_text(read_text(library)));
  if (!knowledge.empty()) identity += fmt::format("knowledge {}\n", knowledge);
  for (const std::string& name : record.oracles) identity += fmt::format("oracle {}\n", name);
  for (const std::string& name : operators) identity += fmt::format("operator {}\n", name);
  record.key = hash_text(identity);
  return record;
}

void write_record(OutDirectory& out, const RunRecord& record) {
  const fs::path file = out.runs() / (record.key + ".json");
  if (const auto before = read_record(file); before && before->tally.cases > record.tally.cases) return;
  const Json json = {{"key", record.key},
                     {"seed", record.rng_seed},
                     {"subject", record.subject},
                     {"subject_version", record.subject_version},
                     {"version", record.faultline_version},
                     {"options", record.options},
                     {"load", record.load},
                     {"oracles", record.oracles},
                     {"cases", record.tally.cases},
                     {"seconds", record.seconds},
                     {"operators", json_of(record.tally)}};
  out.write_file(file, json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::vector<RunRecord> read_records(const OutDirectory& out) {
  std::vector<RunRecord> records;
  for (const auto& entry : fs::directory_iterator(out.runs()))
    if (auto record = read_record(entry.path())) records.push_back(std::move(*record));
  std::ranges::sort(records, {}, &RunRecord::key);
  return records;
}

}  // namespace fuzz
