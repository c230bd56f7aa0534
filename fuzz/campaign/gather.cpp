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
  std::ranges::sort(parts, std::greater{}, [&](const fs::path& path) {
    return std::pair(depth(path), path);  // the parts of a finding before itself
  });
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

// An entry may have been added for a primary only: then a finding that no entry explains replaces it. Returns
// whether folders were moved.
bool promote_unexplained(const OutDirectory& out, const std::vector<Finding>& all) {
  bool moved = false;
  for (const Finding& finding : all) {
    const Finding* first = reports::primary_of(finding);
    if (first == &finding) continue;
    std::vector<fs::path> folders{first->directory};
    reports::for_each_finding(finding, [&](const Finding& part) {
      if (&part != first) folders.emplace_back(part.directory);
    });
    nest(out, std::move(folders));
    moved = true;
  }
  return moved;
}

// In "mine::scale_.Scalar" the name of the functional form is "mine::scale".
std::string functional_name(const std::string& op) {
  std::string name = op.substr(0, op.find('.'));
  if (name.ends_with('_')) name.pop_back();
  return name;
}

// An in-place form that needs the same as the functional form shares its group. It writes what it reads, so
// that features about a written argument are about a read one.
void share_groups_of_forms(const OutDirectory& out, const std::map<std::string, const Finding*>& primaries) {
  std::set<std::pair<std::string, std::string>> functional;  // name and group
  for (const auto& [fingerprint, finding] : primaries)
    functional.emplace(functional_name(finding->signature.op), finding->group);
  for (const auto& [fingerprint, finding] : primaries) {
    const std::string& op = finding->signature.op;
    const std::string name = functional_name(op);
    if (!op.starts_with(name + '_')) continue;
    std::set<std::string> features;
    for (const std::string& feature : finding->features)
      if (feature != "position:written" && feature != "form:in-place")
        features.insert(feature.starts_with("written-layout:") ? feature.substr(8) : feature);
    std::string group = reports::group_of(finding->signature, {features.begin(), features.end()});
    if (group == finding->group || !functional.contains({name, group})) continue;
    Finding changed = *finding;
    changed.group = std::move(group);
    reports::update_finding(changed, out.findings() / fingerprint);
  }
}

// What gathering needs to know of the findings on disk.
struct OnDisk {
  std::map<std::string, fs::path> folders;          // by fingerprint
  std::map<std::string, const Finding*> findings;   // by fingerprint
  std::map<std::string, const Finding*> primaries;  // by fingerprint
};

OnDisk look_up(const std::vector<Finding>& all) {
  OnDisk disk;
  for (const Finding& finding : all) {
    disk.primaries[finding.fingerprint] = &finding;
    reports::for_each_finding(finding, [&](const Finding& part) {
      disk.folders[part.fingerprint] = part.directory;
      disk.findings[part.fingerprint] = &part;
    });
  }
  return disk;
}

// The operators with findings that were not compared with the others.
std::vector<OfOperator> to_gather(const Run& run, const std::vector<Finding>& all,
                                  const std::set<std::string>& gathered) {
  std::vector<OfOperator> operators;
  const auto is_done = [&](const Finding* finding) { return gathered.contains(finding->fingerprint); };
  for (auto& [name, of] : by_operator(run, all))
    if (!std::ranges::all_of(of.findings, is_done)) operators.push_back(std::move(of));
  return operators;
}

}  // namespace

void gather_mistakes(Run& run, std::vector<Finding> all, Progress& progress, const Interrupt& interrupt) {
  if (interrupt.requested()) return;
  if (promote_unexplained(run.out, all)) all = reports::read_findings(run.out.path());
  OnDisk disk = look_up(all);
  const fs::path list = run.out.path() / ".gathered";
  const auto lines = reports::lines_of(read_text(list));
  std::set<std::string> gathered(lines.begin(), lines.end());
  const std::vector<OfOperator> operators = to_gather(run, all, gathered);
  size_t findings = 0, mistakes = 0;
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
        folders.push_back(disk.folders.at(fingerprint));
        disk.primaries.erase(fingerprint);
        gathered.insert(fingerprint);
      }
      const std::string primary = folders.front().filename();
      disk.primaries[primary] = disk.findings.at(primary);
      findings += folders.size();
      ++mistakes;
      nest(run.out, std::move(folders));
    }
  };
  tasks.progress = [](size_t) {};
  run_in_children(run, tasks, interrupt);
  share_groups_of_forms(run.out, disk.primaries);
  if (operators.empty()) return;
  run.out.write_file(list, fmt::format("{}\n", fmt::join(gathered, "\n")));
  progress.say(
      fmt::format("{} findings of {} operators show {} mistakes", findings, operators.size(), mistakes));
}

}  // namespace fuzz
