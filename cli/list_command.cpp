// faultline list: the names that other commands take. Text has a line for each entry; scripts use --json.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/subject_choice.h"
#include "corpora/case/program.h"
#include "engine/core/input_error.h"
#include "oracles/make_subject.h"
#include "oracles/oracle.h"
#include "oracles/planted/planted.h"
#include "oracles/reference/kernels/reference.h"

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

int list(const SubjectChoice& choice, const std::string& what, bool as_json) {
  const Json rows = what == "ops"       ? list_ops(choice)
                    : what == "oracles" ? list_oracles()
                    : what == "planted" ? list_planted()
                    : what == "keys"    ? list_keys(choice)
                                        : list_subjects();
  if (as_json)
    fmt::print("{}\n", rows.dump(1));
  else
    for (const Json& row : rows) print_line(row);
  return status_ok;
}

}  // namespace

Command list_command(CLI::App& root) {
  auto* app = root.add_subcommand("list", "list operators, oracles, subjects, dispatch keys or planted bugs");
  auto choice = std::make_shared<SubjectChoice>();
  auto what = std::make_shared<std::string>();
  auto as_json = std::make_shared<bool>(false);
  app->add_option("WHAT", *what, "the names to list")
      ->required()
      ->check(CLI::IsMember({"ops", "oracles", "subjects", "keys", "planted"}));
  choice->add_to(*app);
  app->add_flag("--json", *as_json, "print JSON");
  return {app, [=] { return list(*choice, *what, *as_json); }};
}

}  // namespace cli
