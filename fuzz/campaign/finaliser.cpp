#include "fuzz/campaign/finaliser.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "corpora/case/joined.h"
#include "fuzz/campaign/child_tasks.h"
#include "fuzz/campaign/pending.h"
#include "fuzz/campaign/prefix.h"
#include "reports/finding.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;

using Group = std::vector<Pending>;  // of one signature

constexpr uint64_t kPrefixCasesMax = 4;

std::vector<Group> groups_of(std::vector<Pending> sorted) {
  std::vector<Group> groups;
  for (Pending& pending : sorted) {
    if (groups.empty() || !(groups.back().front().detection.signature == pending.detection.signature))
      groups.emplace_back();
    groups.back().push_back(std::move(pending));
  }
  return groups;
}

// A detection that a fresh process does not show may be confirmed as one program with the cases that ran
// before it.
std::optional<reports::Finding> investigate_with_prefix(Run& run, const Pending& pending,
                                                        oracles::Isolated& isolated,
                                                        const std::set<std::string>& confirmed,
                                                        std::string& why) {
  const std::vector<uint64_t> before = shortest_prefix(run, pending);
  if (before.empty()) return std::nullopt;
  why += before.size() == 1
             ? fmt::format("; it shows after case {} in the same process", before.front())
             : fmt::format("; it shows after {} cases in the same process, the first of which is {}",
                           before.size(), before.front());
  if (before.size() > kPrefixCasesMax) return std::nullopt;
  std::vector<corpora::Case> cases;
  for (const uint64_t index : before) cases.push_back(case_at(run, index));
  cases.push_back(pending.detection.raw);
  reports::Detection detection = pending.detection;
  detection.raw = corpora::joined(cases);
  std::string ignored;
  return run.steps.investigate(detection, run.subject, isolated, run.known, confirmed, ignored);
}

// In a child. Reports the fingerprint of each finding. `parts` are findings on disk that are part of another.
void finalise(Run& run, const Group& group, const std::set<std::string>& parts, oracles::Isolated& isolated,
              const Say& say) {
  std::set<std::string> confirmed;
  for (const Pending& pending : group) {
    std::string why;
    std::optional<reports::Finding> finding =
        run.steps.investigate(pending.detection, run.subject, isolated, run.known, confirmed, why);
    if (!finding) finding = investigate_with_prefix(run, pending, isolated, confirmed, why);
    if (!finding) {
      set_aside_unconfirmed(run.out, pending, why);
      continue;
    }
    const fs::path target = run.out.findings() / finding->fingerprint;
    const bool on_disk = parts.contains(finding->fingerprint) || fs::exists(target);
    if (!finding->repeats && !on_disk) reports::write_finding(*finding, target);
    confirmed.insert(finding->fingerprint);
    say(finding->fingerprint);
    forget(run.out, pending);
  }
}

}  // namespace

std::set<std::string> investigate_pending(Run& run, Progress& progress, const Interrupt& interrupt) {
  std::vector<Group> groups = groups_of(keep_lowest(run.out, read_pending(run.out)));
  if (!groups.empty()) progress.say(fmt::format("investigating {} signatures", groups.size()));
  std::set<std::string> found, parts;
  for (const fs::path folder : reports::finding_folders(run.out.path())) parts.insert(folder.filename());
  ChildTasks tasks;
  tasks.count = groups.size();
  tasks.work = [&](size_t task, oracles::Isolated& isolated, const Say& say) {
    finalise(run, groups[task], parts, isolated, say);
  };
  tasks.name = [&](size_t task) { return groups[task].front().name; };
  tasks.take = [&](std::vector<std::string> lines) { found.insert(lines.begin(), lines.end()); };
  tasks.progress = [&](size_t done) { progress.show_investigation(done, groups.size(), found.size()); };
  run_in_children(run, tasks, interrupt);
  return found;
}

}  // namespace fuzz
