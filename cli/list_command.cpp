// faultline list: the names that other commands take. Text has a line for each entry; scripts use --json.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/known_flag.h"
#include "cli/subject_choice.h"
#include "corpora/case/program.h"
#include "engine/core/input_error.h"
#include "oracles/make_subject.h"
#include "oracles/oracle.h"
#include "oracles/planted/planted.h"
#include "oracles/reference/kernels/reference.h"
#include "reports/finding.h"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

// What Subject::table() says of one operator: lines "KEY: where the entry comes from [reason]".
struct DispatchTable {
  std::vector<std::string> own_keys;  // whose kernel is registered for the operator itself
  std::string autograd;               // the reason at AutogradCPU

  explicit DispatchTable(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      const size_t colon = line.find(": "), bracket = line.rfind(" [");
      if (colon == std::string::npos || bracket == std::string::npos || line.back() != ']') continue;
      const std::string key = line.substr(0, colon);
      const std::string reason = line.substr(bracket + 2, line.size() - bracket - 3);
      if (reason == "kernel") own_keys.push_back(key);
      if (key == "AutogradCPU") autograd = reason;
    }
  }
  bool has_own(std::string_view key) const { return std::ranges::find(own_keys, key) != own_keys.end(); }
  std::string_view derivative() const {
    if (autograd == "autograd kernel" || has_own("AutogradCPU")) return "formula";
    return autograd == "math kernel" ? "composite" : "none";
  }
};

Json list_ops(const SubjectChoice& choice) {
  const auto subject = choice.make();
  const reference::References* references = subject->references();
  Json rows = Json::array();
  for (const auto& op : subject->catalog().operators()) {
    if (op.name == corpora::program_operator) continue;
    const DispatchTable table(subject->table(op.name));
    const auto facts = subject->facts(op.name);
    Json dtypes;  // null if unknown: kernels of torch choose by dtype themselves
    if (facts)
      for (const engine::DType dtype : facts->dtypes) dtypes.push_back(engine::name_of(dtype));
    rows.push_back({{"name", op.name},
                    {"keys", table.own_keys},
                    {"reference", references && references->find(op.name)},
                    {"derivative", facts ? std::string_view(facts->derivative) : table.derivative()},
                    {"dtypes", dtypes},
                    {"zero_rule", facts ? facts->zero_rule : table.has_own("ZeroTensor")}});
  }
  return rows;
}

std::vector<std::string> subjects_of(const oracles::Oracle& oracle) {
  std::vector<std::string> subjects;
  for (const char* subject : {"engine", "torch"})
    if (oracles::judges_subject(oracle, subject)) subjects.emplace_back(subject);
  return subjects;
}

Json list_oracles() {
  Json rows = Json::array();
  for (const auto& oracle : oracles::all_oracles()) {
    int planted = 0;
    for (const auto& bug : oracles::all_planted()) planted += bug.oracle == oracle.name;
    rows.push_back({{"name", oracle.name},
                    {"subjects", subjects_of(oracle)},
                    {"planted", planted},
                    {"share", oracle.share},
                    {"floor", oracle.reach_floor},
                    {"promise", oracle.promise}});
    if (!oracle.asks_peer) continue;
    if (const std::string why = oracles::make_subject("engine", {})->no_peer(); !why.empty())
      rows.back()["missing"] = why;
  }
  return rows;
}

Json list_planted() {
  Json rows = Json::array();
  for (const auto& planted : oracles::all_planted())
    rows.push_back({{"name", planted.name},
                    {"oracle", planted.oracle},
                    {"subject", planted.subject},
                    {"operator", planted.op},
                    {"mistake", planted.mistake}});
  return rows;
}

Json list_subjects() {
  Json rows = Json::array();
  for (const char* name : {"engine", "torch"}) {
    try {
      rows.push_back({{"name", name}, {"version", oracles::make_subject(name, {})->version()}});
    } catch (const engine::InputError& missing) {
      rows.push_back({{"name", name}, {"missing", missing.what()}});
    }
  }
  return rows;
}

Json list_keys(const SubjectChoice& choice) {
  Json rows = Json::array();
  for (const std::string& key : choice.make()->all_keys()) rows.push_back(key);
  return rows;
}

// The known entries, with the number of findings under `folders` that each is the first to cover.
Json list_known(const reports::KnownEntries& known, const std::vector<std::string>& folders) {
  std::map<std::string, int> reach;
  for (const std::string& folder : folders)
    for (const reports::Finding& finding : reports::read_findings(folder))
      if (const reports::KnownEntry* entry = known.match(finding)) ++reach[entry->name];
  Json rows = Json::array();
  for (const reports::KnownEntry& entry : known.entries()) {
    rows.push_back({{"name", entry.name}, {"subject", entry.subject}, {"versions", entry.versions}});
    if (!folders.empty()) rows.back()["findings"] = reach[entry.name];
    rows.back()["reason"] = entry.reason;
    if (!entry.link.empty()) rows.back()["link"] = entry.link;
  }
  return rows;
}

// A row of a Markdown table for each entry.
void print_known(const Json& rows) {
  const bool counted = !rows.empty() && rows.front().contains("findings");
  fmt::print("| entry | versions | {}why it is not new |\n", counted ? "findings | " : "");
  fmt::print("|---|---|{}---|\n", counted ? "---|" : "");
  for (const Json& row : rows) {
    const auto text = [&](const char* key) { return row.value(key, std::string()); };
    const std::string count = counted ? fmt::format("{} | ", row["findings"].get<int>()) : "";
    const std::string versions = text("versions");
    const std::string link = text("link").empty() ? "" : fmt::format(" ([upstream]({}))", text("link"));
    fmt::print("| `{}` | {} | {}{}{} |\n", text("name"), versions.empty() ? "all" : versions, count,
               text("reason"), link);
  }
}

// One line: the name, then what describes it.
void print_line(const Json& row) {
  if (row.is_string()) {
    fmt::print("{}\n", row.get<std::string>());
    return;
  }
  std::string line = row["name"].get<std::string>();
  for (const char* column : {"version", "missing", "subject", "oracle", "promise", "mistake", "derivative"})
    if (row.contains(column)) line += "  " + row[column].get<std::string>();
  if (row.contains("keys"))
    line += fmt::format("  {}", fmt::join(row["keys"].get<std::vector<std::string>>(), ","));
  fmt::print("{}\n", line);
}

struct ListFlags {
  SubjectChoice choice;
  KnownFlag known;
  std::string what;
  std::vector<std::string> folders;
  bool as_json = false;
};

int list(const ListFlags& flags) {
  const std::string& what = flags.what;
  if (what != "known" && !flags.folders.empty())
    throw engine::InputError("DIR", "only `faultline list known` counts the findings of folders");
  const SubjectChoice& choice = flags.choice;
  const Json rows = what == "ops"       ? list_ops(choice)
                    : what == "known"   ? list_known(flags.known.read(), flags.folders)
                    : what == "oracles" ? list_oracles()
                    : what == "planted" ? list_planted()
                    : what == "keys"    ? list_keys(choice)
                                        : list_subjects();
  if (flags.as_json) {
    fmt::print("{}\n", rows.dump(1));
  } else if (what == "known") {
    print_known(rows);
  } else {
    for (const Json& row : rows) print_line(row);
  }
  return status_ok;
}

}  // namespace

Command list_command(CLI::App& root) {
  auto* app = root.add_subcommand(
      "list", "list operators, oracles, subjects, dispatch keys, planted bugs or known entries");
  auto flags = std::make_shared<ListFlags>();
  app->add_option("WHAT", flags->what, "the names to list")
      ->required()
      ->check(CLI::IsMember({"ops", "oracles", "subjects", "keys", "planted", "known"}));
  app->add_option("DIR", flags->folders, "of `known`: folders of runs, whose findings are counted by entry");
  flags->choice.add_to(*app);
  flags->known.add_to(*app);
  app->add_flag("--json", flags->as_json, "print JSON");
  return {app, [=] { return list(*flags); }};
}

}  // namespace cli
