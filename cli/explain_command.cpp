// faultline explain: both paths of a case: what each side dispatched, where the traces first differ, and
// where the bound comes from. With --fake, the fake value of each step.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/case_subject.h"
#include "cli/command.h"
#include "cli/verdict_text.h"
#include "corpora/case/text.h"
#include "engine/core/input_error.h"
#include "oracles/subjects/engine/engine_subject.h"

namespace cli {
namespace {

void print_trace(const char* side, const corpora::Path& path, const std::vector<std::string>& lines) {
  fmt::print("{} path, {}:\n", side, corpora::to_string(path));
  for (const corpora::Layer& layer : path) fmt::print("  ({})\n", corpora::phrase_of(layer));
  for (const std::string& line : lines) fmt::print("  {}\n", line);
  if (lines.empty()) fmt::print("  (no dispatched call)\n");
}

void print_first_difference(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  const auto first = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (first.first == left.end() && first.second == right.end()) {
    fmt::print("both sides dispatch the same calls\n");
    return;
  }
  fmt::print("the first difference is dispatched call {}:\n", first.first - left.begin() + 1);
  fmt::print("  left:  {}\n", first.first == left.end() ? "(none)" : *first.first);
  fmt::print("  right: {}\n", first.second == right.end() ? "(none)" : *first.second);
}

int explain(CaseSubject& subjects, const std::string& file) {
  const corpora::Case c = open_case(file);
  oracles::Subject& subject = subjects.of(c, file);
  const oracles::Oracle& oracle = oracle_of(c, file);
  oracles::Isolated isolated(subject, subjects.limits());
  const oracles::Verdict verdict = isolated.check(c, oracle, true);
  fmt::print("{}: {}\n", oracle.name, oracle.promise);
  fmt::print("{}", corpora::to_text(c));
  fmt::print("\nverdict: {}\n", summary_of(verdict));
  if (verdict.is_detection()) fmt::print("{}", details_of(verdict));
  if (verdict.judgement == oracles::Judgement::refused) return status_ok;
  const auto left = isolated.trace(c, verdict.left);
  const corpora::Case right_case =
      verdict.right_case.empty() ? c : corpora::parse_case(verdict.right_case, "right side");
  const auto right = isolated.trace(right_case, verdict.right);
  fmt::print("\n");
  print_trace("left", verdict.left, left);
  print_trace("right", verdict.right, right);
  print_first_difference(left, right);
  return status_ok;
}

// What is known about each value of the case without its elements.
int explain_fake(CaseSubject& subjects, const std::string& file) {
  const corpora::Case c = open_case(file);
  auto* const subject = dynamic_cast<oracles::EngineSubject*>(&subjects.of(c, file));
  if (!subject) throw engine::InputError(file, "--fake shows fake tensors of the subject engine only");
  fmt::print("{}\n", corpora::to_text(c));
  for (const std::string& line : subject->fake_values(c)) fmt::print("{}\n", line);
  return status_ok;
}

}  // namespace

Command explain_command(CLI::App& root) {
  auto* app = root.add_subcommand("explain",
                                  "show what both sides of a case dispatched, and where they first differ");
  auto file = std::make_shared<std::string>();
  auto subjects = std::make_shared<CaseSubject>();
  app->add_option("FILE", *file, "a .case file whose header names an oracle")->type_name("")->required();
  auto fake = std::make_shared<bool>(false);
  app->add_flag(
      "--fake", *fake,
      "show instead the fake value of each step with symbolic sizes, and the guards; of the engine");
  subjects->add_to(*app);
  return {app, [=] { return *fake ? explain_fake(*subjects, *file) : explain(*subjects, *file); }};
}

}  // namespace cli
