// Campaign cases: what the tests of campaigns share: a campaign on the misbehaving subject, without
// minimising.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fuzz/campaign/campaign.h"
#include "oracles/isolation/misbehaving_subject.h"
#include "reports/finding.h"

namespace fuzz::test {

namespace fs = std::filesystem;
using nlohmann::json;

inline const oracles::Oracle kAlpha{
    .name = "alpha", .promise = "", .check = oracles::scripted_check, .planted = {}};
inline const oracles::Oracle kBeta{
    .name = "beta", .promise = "", .check = oracles::scripted_check, .share = 2, .planted = {}};
inline const oracles::Oracle kState{.name = "state",
                                    .promise = "",
                                    .check =
                                        [](oracles::Trial& trial) {
                                          trial.direct();
                                          return oracles::Verdict{};
                                        },
                                    .planted = {}};
inline const std::vector<const oracles::Oracle*> kOracles{&kAlpha, &kBeta, &kState};

// One case in eight misbehaves.
inline corpora::Case draw(const corpora::Operator& op, corpora::ChoiceSource& choices) {
  const uint64_t rng_seed = choices.below(1000);
  const uint64_t cue = choices.below(8);
  return oracles::MisbehavingSubject::case_of(op.name, rng_seed, cue);
}

// Without minimising: a finding is its signature.
inline std::optional<reports::Finding> investigate(const reports::Detection& detection, oracles::Subject&,
                                                   oracles::Isolated& isolated, const reports::KnownEntries&,
                                                   const std::set<std::string>& confirmed, std::string& why) {
  const oracles::Oracle* oracle = nullptr;
  for (const oracles::Oracle* one : kOracles)
    if (one->name == detection.signature.oracle) oracle = one;
  reports::Finding finding;
  finding.verdict = isolated.check(detection.raw, *oracle, true);
  if (!finding.verdict.is_detection()) {
    why = "a fresh process does not show it";
    return std::nullopt;
  }
  finding.signature = detection.signature;
  finding.minimal = detection.raw;
  finding.origin = detection.origin;
  finding.fingerprint = fmt::format("{:016x}", std::hash<std::string>()(to_string(detection.signature)));
  finding.group = finding.fingerprint;
  finding.repeats = confirmed.contains(finding.fingerprint);
  return finding;
}

inline const CampaignSteps kSteps{draw, investigate, [](const auto&, const auto&) { return std::string(); }};

inline json read_json(const fs::path& file) { return json::parse(std::ifstream(file)); }

// summary.json without what may differ between two equal runs.
inline json summary_of(const fs::path& out) {
  json summary = read_json(out / "summary.json");
  summary.erase("seconds");
  return summary;
}

inline std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  if (fs::exists(directory))
    for (const auto& entry : fs::directory_iterator(directory)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

// The files that a run writes, without those that contain times.
inline std::map<std::string, std::string> files_of(const fs::path& out) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const std::string name = entry.path().lexically_relative(out);
    if (!entry.is_regular_file() || name.starts_with("runs/") || name == "summary.json") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    files[name] = text.str();
  }
  return files;
}

// The names of files that only one side has, or that differ.
inline std::vector<std::string> differing(const std::map<std::string, std::string>& a,
                                          const std::map<std::string, std::string>& b) {
  std::vector<std::string> names;
  for (const auto& [name, text] : a) {
    const auto found = b.find(name);
    if (found == b.end() || found->second != text) names.push_back(name);
  }
  for (const auto& [name, text] : b)
    if (!a.contains(name)) names.push_back(name);
  return names;
}

class CampaignTest : public testing::Test {
 protected:
  void SetUp() override {
    base_ = fs::path(testing::TempDir()) / ("campaign_test." + std::to_string(getpid()));
    fs::remove_all(base_);
  }
  void TearDown() override { fs::remove_all(base_); }

  CampaignOptions options(const std::string& out) const {
    CampaignOptions options;
    for (size_t i = 0; i < subject_.catalog().operators().size(); ++i) options.operators.push_back(i);
    options.oracles = kOracles;
    options.cases = 3000;
    options.out = base_ / out;
    options.progress = false;
    return options;
  }
  CampaignResult run(const CampaignOptions& given) { return run_campaign(subject_, kSteps, known_, given); }

  fs::path base_;
  reports::KnownEntries known_;
  oracles::MisbehavingSubject subject_{{"test::fine", "test::segv", "test::segv_on_path", "test::raise",
                                        "test::raise_on_path", "test::gap", "test::differ_on_path",
                                        "test::fine2", "test::abort_on_path", "test::remember_on_path"}};
};

}  // namespace fuzz::test
