// faultline replay: judges stored cases again, each in a fresh process, and compares with what they expect.
// Exit status 1 if a case that expects nothing, or agreement, differs, or if one that must differ does not.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/case_subject.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/verdict_text.h"
#include "engine/core/input_error.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/default_oracles.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using corpora::Expect;
using oracles::Verdict;

struct ReplayFlags {
  std::vector<std::string> places;
  std::vector<std::string> oracles;
  CaseSubject subjects;
  bool json = false;
};

// Every .case file of the places and of their subfolders, sorted by folder and name: a finding before the
// others on the same mistake, which are in its subfolder also/.
std::vector<std::string> case_files(const std::vector<std::string>& places) {
  std::vector<std::string> files;
  for (const std::string& place : places) {
    if (!fs::is_directory(place)) {
      files.push_back(place);
      continue;
    }
    const size_t before = files.size();
    for (const auto& entry : fs::recursive_directory_iterator(place))
      if (entry.is_regular_file() && entry.path().extension() == ".case")
        files.push_back(entry.path().string());
    if (files.size() == before) throw engine::InputError(place, "the folder contains no .case file");
    std::ranges::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end(), {},
                      [](const fs::path& file) { return std::pair(file.parent_path(), file.filename()); });
  }
  return files;
}

// The oracles that judge the case: those of --oracles, else the one of its header, else the
// default ones.
std::vector<const oracles::Oracle*> judges_of(const corpora::Case& c, const ReplayFlags& flags,
                                              const std::string& file) {
  const auto names = split_commas(flags.oracles);
  if (!names.empty()) return oracles::select_oracles(fmt::format("{}", fmt::join(names, ",")));
  if (c.header.oracle.empty()) return oracles::default_oracles(c.header.subject);
  return {&oracle_of(c, file)};
}

// The expectation is for the header's oracle; every other oracle must find nothing.
bool as_expected(const corpora::Case& c, const oracles::Oracle& oracle, const Verdict& verdict) {
  const bool applies = c.header.oracle.empty() || c.header.oracle == oracle.name;
  if (c.header.expect != Expect::differ || !applies) return !verdict.is_detection();
  const auto kind = oracles::name_of(verdict.divergence.kind);
  return verdict.is_detection() && (c.header.expect_kind.empty() || c.header.expect_kind == kind);
}

std::string expectation_of(const corpora::Case& c) {
  if (c.header.expect == Expect::nothing) return "nothing";
  if (c.header.expect == Expect::agree) return "agree";
  return c.header.expect_kind.empty() ? "differ" : "differ " + c.header.expect_kind;
}

nlohmann::json json_of(const std::vector<oracles::Raise>& raises, const Verdict& verdict) {
  nlohmann::json list = nlohmann::json::array();
  for (const oracles::Raise& raise : raises)
    list.push_back({{"side", raise.path == verdict.left ? "left" : "right"},
                    {"path", corpora::to_string(raise.path)},
                    {"call", raise.call},
                    {"operator", raise.op},
                    {"error_class", raise.error_class},
                    {"message", raise.message}});
  return list;
}

nlohmann::json row_of(const std::string& file, const corpora::Case& c, const oracles::Oracle& oracle,
                      const Verdict& verdict, const std::vector<oracles::Raise>& raises, bool ok) {
  nlohmann::json row{{"file", file},
                     {"oracle", oracle.name},
                     {"judgement", oracles::name_of(verdict.judgement)},
                     {"expect", expectation_of(c)},
                     {"as_expected", ok}};
  if (verdict.is_detection()) {
    row["kind"] = oracles::name_of(verdict.divergence.kind);
    row["operator"] = verdict.divergence.op;
    row["where"] = to_text(verdict.divergence.place);
    row["left"] = left_text(verdict.divergence);
    row["right"] = right_text(verdict.divergence);
  } else if (!verdict.why.empty()) {
    row["why"] = verdict.why;
  }
  if (!raises.empty()) row["raises"] = json_of(raises, verdict);
  return row;
}

int replay(ReplayFlags& flags) {
  nlohmann::json rows = nlohmann::json::array();
  size_t checks = 0, unexpected = 0;
  const auto files = case_files(flags.places);
  for (const std::string& file : files) {
    const corpora::Case c = open_case(file);
    oracles::Subject& subject = flags.subjects.of(c, file);
    oracles::Isolated isolated(subject, flags.subjects.limits());
    for (const oracles::Oracle* oracle : judges_of(c, flags, file)) {
      corpora::Case judged = c;
      if (c.header.oracle != oracle->name) judged.header.path.clear();  // the path is for the header's oracle
      const Verdict verdict = isolated.check(judged, *oracle, true);
      const bool ok = as_expected(c, *oracle, verdict);
      ++checks;
      unexpected += !ok;
      rows.push_back(row_of(file, c, *oracle, verdict, isolated.raises(), ok));
      if (flags.json) continue;
      fmt::print(
          "{}: {}: {}{}\n", file, oracle->name, summary_of(verdict),
          ok ? ""
             : " -- not as expected: " + (c.header.expect == Expect::nothing ? "agree" : expectation_of(c)));
      if (verdict.is_detection()) fmt::print("{}", details_of(verdict));
      fmt::print("{}", raises_text(isolated.raises(), verdict));
    }
  }
  if (flags.json) fmt::print("{}\n", rows.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  fmt::print(stderr, "faultline: {} cases, {} checks: {} as the cases expect, {} not\n", files.size(), checks,
             checks - unexpected, unexpected);
  return unexpected > 0 ? status_findings : status_ok;
}

}  // namespace

Command replay_command(CLI::App& root) {
  auto* app = root.add_subcommand("replay", "judge stored cases again and compare with what they expect");
  auto flags = std::make_shared<ReplayFlags>();
  app->add_option("PLACE", flags->places, ".case files, or folders with such files")
      ->type_name("")
      ->required();
  add_repeatable(*app, "--oracles", flags->oracles, "NAMES",
                 "with commas, or all (default: the oracle that the case names)");
  flags->subjects.add_to(*app);
  app->add_flag("--json", flags->json, "print JSON: a list of {file, oracle, judgement, ...}");
  return {app, [flags] { return replay(*flags); }};
}

}  // namespace cli
