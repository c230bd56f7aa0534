#include "reports/verify_reproducers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <span>

#include "engine/core/environment_error.h"
#include "reports/embedded.h"
#include "reports/finding.h"
#include "reports/json_text.h"

namespace reports {
namespace {

namespace fs = std::filesystem;

constexpr const char* timeout_seconds = "60";  // of one script

// FAULTLINE_PYTHON if it is set, else the Python whose torch found the finding.
std::string python_for(const Finding& finding) {
  if (const char* chosen = std::getenv("FAULTLINE_PYTHON"); chosen && *chosen) return chosen;
  const std::string& python = finding.origin.toolchain.python;
  return python.empty() ? "/usr/bin/python3" : python;
}

// Runs the program and passes each line of its standard output to `take`, which returns whether to go on.
// Returns the exit status, or -1 if the program was stopped.
template <class TakeLine>
int run_lines(const std::vector<std::string>& words, TakeLine&& take) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw engine::EnvironmentError("a pipe", errno);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t pid = fork();
  if (pid < 0) throw engine::EnvironmentError("a new process", errno);
  if (pid == 0) {
    const int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDIN_FILENO);
    dup2(ends[1], STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 1);  // it forks often: fewer pages, cheaper forks
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(ends[1]);
  std::string pending;
  char buffer[8192];
  for (;;) {
    const ssize_t n = read(ends[0], buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    pending.append(buffer, static_cast<size_t>(n));
    bool more = true;
    for (size_t end; more && (end = pending.find('\n')) != std::string::npos; pending.erase(0, end + 1))
      more = take(pending.substr(0, end));
    if (more) continue;
    kill(pid, SIGTERM);
    break;
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string last_line(std::string text) {
  text.erase(text.find_last_not_of("\n ") + 1);
  return text.substr(text.rfind('\n') + 1, 200);
}

// What the script printed for its right side: " raises ...". Empty if it printed none.
std::string right_side_in(const std::string& output) {
  constexpr std::string_view label = "\nright:";
  const size_t at = output.find(label);
  if (at == std::string::npos) return {};
  const size_t from = at + label.size();
  return output.substr(from, std::min(output.find('\n', from), from + 160) - from);
}

// Why the script is deleted; empty if it does what it promises. `plain` and `same` are the exit statuses, or
// minus the signal, of the runs without and with --same.
std::string broken_promise(int plain, int same, const std::string& output, const std::string& output_same) {
  if (plain == 1 && same == 0) return {};
  if (plain == 0) {
    const std::string seen = right_side_in(output);
    return "Python shows both sides alike" + (seen.empty() ? "" : ":" + seen);
  }
  if (plain == 1) return "in Python both sides differ even when they run alike: " + last_line(output_same);
  if (plain < 0) return fmt::format("signal {} ends the Python process before it can compare", -plain);
  return "Python cannot make this call: " + last_line(output);
}

void settle(const std::string& directory, const std::string& reason) {
  Finding finding = read_finding(directory);
  finding.repro_py_verified = true;
  finding.repro_py_absent = reason;
  update_finding(finding, directory);
  if (!reason.empty()) fs::remove(directory + "/repro.py");
}

// The scripts that were not run before, in order, by the Python that runs them.
using Scripts = std::map<std::string, std::vector<std::string>>;
Scripts scripts_to_verify(const std::vector<std::string>& directories) {
  Scripts scripts;
  for (const std::string& directory : directories) {
    const fs::path script = fs::path(directory) / "repro.py";
    if (!fs::exists(script)) continue;
    const Finding finding = read_finding(directory);
    if (!finding.repro_py_verified) scripts[python_for(finding)].push_back(fs::absolute(script).string());
  }
  for (auto& [python, of_python] : scripts) std::sort(of_python.begin(), of_python.end());
  return scripts;
}

// Runs as many scripts as fit on a command line. Returns the exit status of the Python.
template <class Ran>
int run_scripts(const std::string& python, std::span<const std::string> scripts, Ran&& ran) {
  std::vector<std::string> words{python, "-B", "-c", std::string(embedded::run_scripts), timeout_seconds};
  words.insert(words.end(), scripts.begin(), scripts.end());
  return run_lines(words, [&](const std::string& line) {
    const Json json = Json::parse(line);
    settle(fs::path(json.at("script").get<std::string>()).parent_path().string(),
           broken_promise(json.at("plain"), json.at("same"), json.at("output"), json.at("output_same")));
    return ran();
  });
}

}  // namespace

std::string verify_reproducers(const std::vector<std::string>& directories,
                               const std::function<bool(size_t, size_t)>& ran) {
  constexpr size_t at_once = 2000;
  const Scripts scripts = scripts_to_verify(directories);
  size_t done = 0, all = 0;
  bool go_on = true;
  for (const auto& [python, of_python] : scripts) all += of_python.size();
  for (const auto& [python, of_python] : scripts)
    for (size_t from = 0; from < of_python.size(); from += at_once) {
      const std::span<const std::string> part(of_python.data() + from,
                                              std::min(at_once, of_python.size() - from));
      const int status = run_scripts(python, part, [&] {
        ++done;
        if (ran) go_on = ran(done, all);
        return go_on;
      });
      if (!go_on) return fmt::format("stopped: {} of {} reproducers were run", done, all);
      if (status == 3 || status == 127)
        return fmt::format("{} has no torch: no repro.py was run (on Debian, install python3-torch)", python);
      if (status != 0) return "the Python that runs reproducers ended early: some were not run";
    }
  return {};
}

}  // namespace reports
