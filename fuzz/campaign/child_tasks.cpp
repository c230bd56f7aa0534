#include "fuzz/campaign/child_tasks.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "engine/core/check.h"
#include "engine/core/environment_error.h"
#include "oracles/compare/divergence_text.h"
#include "reports/files.h"

namespace fuzz {
namespace {

constexpr size_t kBatchMax = 8;

class Children {
 public:
  Children(Run& run, const ChildTasks& tasks, const Interrupt& interrupt)
      : run_(run),
        tasks_(tasks),
        interrupt_(interrupt),
        jobs_(static_cast<size_t>(std::max(run.options.jobs, 1))),
        batch_(std::clamp<size_t>(tasks.count / (4 * jobs_), 1, kBatchMax)) {}

  ~Children() {
    for (const Child& child : children_) {
      kill(child.pid, SIGKILL);
      oracles::wait_for(child.pid);
      close(child.report);
    }
  }

  void run() {
    while (true) {
      const bool more = next_ < tasks_.count && !interrupt_.requested();
      if (more && children_.size() < jobs_) {
        const size_t count = std::min(batch_, tasks_.count - next_);
        start(next_, count);
        next_ += count;
        continue;
      }
      if (children_.empty()) break;
      read_reports();
      tasks_.progress(done_);
    }
  }

 private:
  struct Child {
    pid_t pid;
    int report;
    size_t first, count;  // its tasks
    std::string text;
  };

  void start(size_t first, size_t count) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw engine::EnvironmentError("a pipe", errno);
    oracles::IsolatedLimits limits = run_.limits();
    limits.memory_mib = 0;  // this process runs no operator
    const pid_t pid = oracles::fork_child(limits, [&] {
      run_.out.leave_lock_to_parent();
      oracles::Isolated isolated(run_.subject, run_.limits());
      const Say say = [&](std::string line) {
        line += '\n';
        CHECK(write(ends[1], line.data(), line.size()) == static_cast<ssize_t>(line.size()),
              "writing a line to the parent");
      };
      for (size_t task = first; task < first + count; ++task) {
        isolated.renew();  // so that no result depends on earlier tasks
        tasks_.work(task, isolated, say);
      }
    });
    close(ends[1]);
    children_.push_back({pid, ends[0], first, count, {}});
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
                              tasks_.name(child.first), child.count - 1, oracles::ending_text(death->side)));
    done_ += child.count;
    tasks_.take(reports::lines_of(child.text));
  }

  Run& run_;
  const ChildTasks& tasks_;
  const Interrupt& interrupt_;
  const size_t jobs_;
  const size_t batch_;  // tasks for one process; no result depends on it
  size_t next_ = 0, done_ = 0;
  std::vector<Child> children_;
};

}  // namespace

void run_in_children(Run& run, const ChildTasks& tasks, const Interrupt& interrupt) {
  Children(run, tasks, interrupt).run();
}

}  // namespace fuzz
