#include "fuzz/campaign/gather.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "engine/core/environment_error.h"
#include "fuzz/campaign/child_tasks.h"
#include "reports/files.h"
#include "reports/finding.h"
#include "reports/fingerprint.h"
#include "reports/mistakes.h"
#include "reports/plainness.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;
using reports::Finding;
using Fingerprints = std::vector<std::string>;

// All findings of one operator, with those that are in one mistake on disk.
struct OfOperator {
  std::vector<const Finding*> findings;
  std::vector<std::vector<size_t>> together;
};

// The findings that experiments of this run can judge. Dispatch programs have no operator.
bool can_judge(const Run& run, const Finding& finding) {
  return finding.signature.subject == run.subject.name() &&
         finding.origin.subject_version == run.origin.subject_version &&
         finding.origin.plant == run.origin.plant && finding.minimal.program.empty() &&
         run.subject.catalog().find(finding.signature.op) != nullptr;
}

std::map<std::string, OfOperator> by_operator(const Run& run, const std::vector<Finding>& all) {
  std::map<std::string, OfOperator> operators;
  for (const Finding& finding : all) {
    if (!can_judge(run, finding)) continue;
    OfOperator& of = operators[finding.signature.op];
    of.together.emplace_back();
    reports::for_each_finding(finding, [&](const Finding& part) {
      of.together.back().push_back(of.findings.size());
      of.findings.push_back(&part);
    });
  }
  return operators;
}

void move_folder(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (from != to) fs::rename(from, to, error);
  if (error) throw engine::EnvironmentError(from.string() + " cannot be moved", error.value());
}

// Moves the folders so that `folders.front()` is on top and has the others in its also/.
void nest(const OutDirectory& out, std::vector<fs::path> folders) {
  const fs::path top = out.findings() / folders.front().filename();
  move_folder(folders.front(), top);
  std::vector<fs::path> parts(folders.begin() + 1, folders.end());
  if (!parts.empty()) reports::make_folder(top / "also");
  const auto depth = [](const fs::path& path) { return std::distance(path.begin(), path.end()); };
  std::ranges::stable_sort(parts, std::greater{}, depth);  // the parts of a finding before itself
  for (const fs::path& part : parts) {
    move_folder(part, top / "also" / part.filename());
    std::error_code not_empty;
    fs::remove(top / "also" / part.filename() / "also", not_empty);
  }
}

// Whether a call may damage its process, so that each experiment needs a fresh one.
bool damages_process(const Finding* finding) {
  return finding->signature.kind == oracles::Kind::state ||
         finding->verdict.divergence.place.part == oracles::Part::beside;
}

// What a child reports: the fingerprints of a mistake, the primary first, in one line.
void report_mistakes(const OfOperator& of, oracles::Isolated& isolated, const Say& say) {
  const bool fresh = std::ranges::any_of(of.findings, damages_process);
  const auto judge = [&](const corpora::Case& c, const std::string& oracle) {
    return isolated.check(c, oracle, fresh);
  };
  for (const reports::Mistake& mistake : reports::mistakes_of(of.findings, of.together, judge)) {
    Fingerprints fingerprints{of.findings[mistake.primary]->fingerprint};
    for (const size_t i : mistake.also) fingerprints.push_back(of.findings[i]->fingerprint);
    say(fmt::format("{}", fmt::join(fingerprints, " ")));
  }
}

Fingerprints words_of(const std::string& line) {
  std::istringstream stream(line);
  return {std::istream_iterator<std::string>(stream), {}};
}

// An entry may have been added for a primary only: then a finding that no entry explains replaces it.
void promote_unexplained(const OutDirectory& out, const std::vector<Finding>& all) {
  for (const Finding& finding : all) {
    const Finding* first = reports::primary_of(finding);
    if (first == &finding) continue;
    std::vector<fs::path> folders{first->directory};
    reports::for_each_finding(finding, [&](const Finding& part) {
      if (&part != first) folders.emplace_back(part.directory);
    });
    nest(out, std::move(folders));
  }
}

// In "mine::scale_.Scalar" the name of the functional form is "mine::scale".
std::string functional_name(const std::string& op) {
  std::string name = op.substr(0, op.find('.'));
  if (name.ends_with('_')) name.pop_back();
  return name;
}

// An in-place form that needs the same as the functional form shares its group. It writes what it reads, so
// that features about a written argument are about a read one.
void share_groups_of_forms(const std::vector<Finding>& findings) {
  std::set<std::pair<std::string, std::string>> functional;  // name and group
  for (const Finding& finding : findings)
    functional.emplace(functional_name(finding.signature.op), finding.group);
  for (Finding finding : findings) {
    std::set<std::string> features;
    for (const std::string& feature : finding.features) {
      if (feature == "position:written" || feature == "form:in-place") continue;
      features.insert(feature.starts_with("written-layout:") ? feature.substr(8) : feature);
    }
    std::string group = reports::group_of(finding.signature, {features.begin(), features.end()});
    const std::string name = functional_name(finding.signature.op);
    if (group == finding.group || !finding.signature.op.starts_with(name + '_') ||
        !functional.contains({name, group}))
      continue;
    finding.group = std::move(group);
    reports::update_finding(finding, finding.directory);
  }
}

}  // namespace

void gather_mistakes(Run& run, Progress& progress, const Interrupt& interrupt) {
  promote_unexplained(run.out, reports::read_findings(run.out.path()));
  const std::vector<Finding> all = reports::read_findings(run.out.path());
  const fs::path list = run.out.path() / ".gathered";
  const auto lines = reports::lines_of(read_text(list));
  std::set<std::string> gathered(lines.begin(), lines.end());
  std::map<std::string, fs::path> folder_of;
  std::vector<OfOperator> operators;
  size_t findings = 0;
  for (auto& [name, of] : by_operator(run, all)) {
    for (const Finding* finding : of.findings) folder_of[finding->fingerprint] = finding->directory;
    const auto is_done = [&](const Finding* finding) { return gathered.contains(finding->fingerprint); };
    if (std::ranges::all_of(of.findings, is_done)) continue;
    findings += of.findings.size();
    operators.push_back(std::move(of));
  }
  if (operators.empty() || interrupt.requested()) return;
  size_t mistakes = 0;
  ChildTasks tasks;
  tasks.count = operators.size();
  tasks.work = [&](size_t task, oracles::Isolated& isolated, const Say& say) {
    report_mistakes(operators[task], isolated, say);
  };
  tasks.name = [&](size_t task) { return operators[task].findings.front()->signature.op; };
  tasks.take = [&](const std::vector<std::string>& reported) {
    for (const std::string& line : reported) {
      std::vector<fs::path> folders;
      for (const std::string& fingerprint : words_of(line)) {
        folders.push_back(folder_of.at(fingerprint));
        gathered.insert(fingerprint);
      }
      nest(run.out, std::move(folders));
      ++mistakes;
    }
  };
  tasks.progress = [&](size_t) {};
  run_in_children(run, tasks, interrupt);
  run.out.write_file(list, fmt::format("{}\n", fmt::join(gathered, "\n")));
  share_groups_of_forms(reports::read_findings(run.out.path()));
  progress.say(
      fmt::format("{} findings of {} operators show {} mistakes", findings, operators.size(), mistakes));
}

}  // namespace fuzz
