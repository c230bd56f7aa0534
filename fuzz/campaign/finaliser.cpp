#include "fuzz/campaign/finaliser.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/core/check.h"
#include "engine/core/environment_error.h"
#include "fuzz/campaign/pending.h"
#include "fuzz/campaign/prefix.h"
#include "oracles/compare/divergence_text.h"
#include "reports/files.h"
#include "reports/finding.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;

using Group = std::vector<Pending>;  // of one signature

constexpr uint64_t kPrefixCasesMax = 4;
constexpr size_t kBatchMax = 8;

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
  detection.raw = joined(cases);
  std::string ignored;
  return run.steps.investigate(detection, run.subject, isolated, run.known, confirmed, ignored);
}

// In the child. Writes the fingerprint of each finding to `report`, as a line.
void finalise(Run& run, const Group& group, oracles::Isolated& isolated, int report) {
  isolated.renew();  // so that no result depends on earlier groups
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
    if (!finding->repeats && !fs::exists(target)) reports::write_finding(*finding, target);
    confirmed.insert(finding->fingerprint);
    const std::string line = finding->fingerprint + "\n";
    CHECK(write(report, line.data(), line.size()) == static_cast<ssize_t>(line.size()),
          "writing a line to the parent");
    forget(run.out, pending);
  }
}

class Finalisers {
 public:
  Finalisers(Run& run, Progress& progress, const Interrupt& interrupt, std::vector<Group> groups)
      : run_(run), progress_(progress), interrupt_(interrupt), groups_(std::move(groups)) {
    const auto jobs = static_cast<size_t>(std::max(run_.options.jobs, 1));
    batch_ = std::clamp<size_t>(groups_.size() / (4 * jobs), 1, kBatchMax);
  }

  ~Finalisers() {
    for (const Child& child : children_) {
      kill(child.pid, SIGKILL);
      oracles::wait_for(child.pid);
      close(child.report);
    }
  }

  std::set<std::string> run() {
    const auto jobs = static_cast<size_t>(std::max(run_.options.jobs, 1));
    while (true) {
      const bool more = next_ < groups_.size() && !interrupt_.requested();
      if (more && children_.size() < jobs) {
        const size_t count = std::min(batch_, groups_.size() - next_);
        start(std::span(groups_).subspan(next_, count));
        next_ += count;
        continue;
      }
      if (children_.empty()) break;
      read_reports();
      progress_.show_investigation(done_, groups_.size(), found_.size());
    }
    return found_;
  }

 private:
  struct Child {
    pid_t pid;
    int report;
    std::span<const Group> groups;
    std::string text;
  };

  void start(std::span<const Group> groups) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw engine::EnvironmentError("a pipe", errno);
    oracles::IsolatedLimits limits = run_.limits();
    limits.memory_mib = 0;  // this process runs no operator
    const pid_t pid = oracles::fork_child(limits, [&] {
      run_.out.leave_lock_to_parent();
      oracles::Isolated isolated(run_.subject, run_.limits());
      for (const Group& group : groups) finalise(run_, group, isolated, ends[1]);
    });
    close(ends[1]);
    children_.push_back({pid, ends[0], groups, {}});
  }

  void read_reports() {
    std::vector<pollfd> polled;
    for (const Child& child : children_) polled.push_back({child.report, POLLIN, 0});
    if (poll(polled.data(), polled.size(), 200) <= 0) return;
    for (size_t i = polled.size(); i-- > 0;) {
      if (polled[i].revents == 0) continue;
      char buffer[4096];
      const ssize_t n = read(children_[i].report, buffer, sizeof buffer);
      if (n > 0) children_[i].text.append(buffer, static_cast<size_t>(n));
      if (n == 0 || (n < 0 && errno != EINTR)) end(i);
    }
  }

  void end(size_t i) {
    const Child child = std::move(children_[i]);
    children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
    close(child.report);
    const auto death = oracles::death_of(oracles::wait_for(child.pid));
    CHECK(!death, fmt::format("the process that investigated {} and {} more ended: {}",
                              child.groups.front().front().name, child.groups.size() - 1,
                              oracles::ending_text(death->side)));
    done_ += child.groups.size();
    for (std::string& fingerprint : reports::lines_of(child.text)) found_.insert(std::move(fingerprint));
  }

  Run& run_;
  Progress& progress_;
  const Interrupt& interrupt_;
  const std::vector<Group> groups_;
  size_t batch_ = 1;  // groups for one process; no result depends on it
  size_t next_ = 0, done_ = 0;
  std::vector<Child> children_;
  std::set<std::string> found_;
};

}  // namespace

std::set<std::string> investigate_pending(Run& run, Progress& progress, const Interrupt& interrupt) {
  std::vector<Group> groups = groups_of(keep_lowest(run.out, read_pending(run.out)));
  if (!groups.empty()) progress.say(fmt::format("investigating {} signatures", groups.size()));
  return Finalisers(run, progress, interrupt, std::move(groups)).run();
}

}  // namespace fuzz
