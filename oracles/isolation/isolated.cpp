#include "oracles/isolation/isolated.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "corpora/case/text.h"
#include "engine/core/check.h"
#include "engine/core/environment_error.h"
#include "engine/core/input_error.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/isolation/child_directory.h"
#include "oracles/isolation/death_verdict.h"
#include "oracles/isolation/fresh_processes.h"
#include "oracles/isolation/verdict_line.h"
#include "oracles/trial/attribution.h"
#include "oracles/trial/trial.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

// Sent before the oracles and the case's text. Oracles are sent as pointers, because the child is a fork.
struct Request {
  uint64_t oracles = 0;  // 0: a trace along the header's path
  uint64_t length = 0;
};

bool receive_all(int descriptor, void* data, size_t size) {
  char* at = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t n = recv(descriptor, at, size, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

// "op [keys] reason", where the reason is that of the table entry that serves the call.
std::string trace_lines(Subject& subject, const corpora::Case& c, PathMark& mark) {
  mark.set(c.header.path);
  subject.record_trace(true);
  Trial trial(subject, c);
  const Outcome outcome = trial.run(c.header.path);
  subject.record_trace(false);
  std::string text;
  for (const TraceEntry& entry : outcome.trace) {
    std::string keys;
    for (const std::string& key : subject.key_names(entry.keys)) keys += (keys.empty() ? "" : ", ") + key;
    const engine::Reason reason = subject.served_by(entry).reason;
    const std::string why = reason == engine::Reason::missing ? "" : fmt::format(" {}", name_of(reason));
    text += fmt::format("{:{}}{} [{}]{}\x1f", "", 2 * entry.depth, entry.op, keys, why);
  }
  return text;
}

// What the first run along each path raised. Later runs along a path are experiments with other cases.
class FirstRaises {
 public:
  void note(const corpora::Case& ran, const Outcome& outcome, const corpora::Path& path) {
    if (std::ranges::find(paths_, path) != paths_.end()) return;
    paths_.push_back(path);
    if (outcome.calls.empty() || outcome.returned() || !ran.program.empty()) return;
    const size_t call = outcome.calls.size() - 1;
    const CallOutcome& last = outcome.last();
    raises_.push_back({path, static_cast<int>(call), ran.calls.at(call).op, last.error_class, last.message});
  }
  const std::vector<Raise>& raises() const { return raises_; }

 private:
  std::vector<corpora::Path> paths_;
  std::vector<Raise> raises_;
};

std::vector<Raise> of_paths(const Verdict& verdict, const std::vector<Raise>& raises) {
  std::vector<Raise> chosen;
  for (const corpora::Path* path : {&verdict.left, &verdict.right}) {
    const auto raise = std::ranges::find(raises, *path, &Raise::path);
    if (raise != raises.end() && (path == &verdict.left || verdict.left != verdict.right))
      chosen.push_back(*raise);
  }
  return chosen;
}

}  // namespace

Verdict judge(Trial& trial, const Oracle& oracle) try {
  if (const std::string why = trial.subject().refuses(trial.test_case(), {}); !why.empty())
    return refused(why);
  trial.direct();
  return check_and_attribute(trial, oracle);
} catch (const engine::InputError& error) {
  return refused(error.line());
}

Isolated::Isolated(Subject& subject, IsolatedLimits limits) : subject_(subject), limits_(std::move(limits)) {
  mark_ = new (shared_memory(sizeof(PathMark))) PathMark;
  sweep_child_directories(limits_.directory);
}

Isolated::~Isolated() {
  stop();
  munmap(mark_, sizeof(PathMark));
}

void Isolated::start() {
  const std::array<int, 2> ends = socket_pair();
  channel_ = ends[0];
  pid_ = fork_child(limits_, [&] {
    close(ends[0]);
    channel_ = ends[1];
    serve();
  });
  close(ends[1]);
  used_ = false;
}

void Isolated::stop() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  close_child();
}

Ended Isolated::close_child() {
  Ended ended = wait_for(pid_);
  close(channel_);
  pid_ = channel_ = -1;
  used_ = false;
  return ended;
}

void Isolated::renew() {
  if (used_) stop();
}

void Isolated::serve() {
  bool first = true;
  std::optional<FreshProcesses> fresh;
  for (Request request; receive_all(channel_, &request, sizeof request);) {
    std::vector<const Oracle*> oracles(request.oracles);
    std::string text(request.length, '\0');
    if (!receive_all(channel_, oracles.data(), oracles.size() * sizeof oracles[0])) break;
    if (!receive_all(channel_, text.data(), text.size())) break;
    const auto asks = [](const Oracle* oracle) { return oracle->name == "history"; };
    if (std::exchange(first, false) && std::ranges::any_of(oracles, asks)) fresh.emplace(subject_, limits_);
    answer(corpora::parse_case(text, "case"), oracles);
    arm_timeout(0);
  }
}

// Sends a line for each oracle as soon as it has judged, or the trace.
void Isolated::answer(const corpora::Case& c, const std::vector<const Oracle*>& oracles) {
  const auto send_line = [&](std::string line) {
    line += '\n';
    send_all(channel_, line.data(), line.size());
  };
  arm_timeout(limits_.timeout_seconds);
  forget_output();
  if (oracles.empty()) return send_line(trace_lines(subject_, c, *mark_));
  mark_->set({});
  Trial trial(subject_, c);
  FirstRaises first;
  trial.before_run = [&](const corpora::Path& path) { mark_->set(path); };
  trial.after_run = [&](const corpora::Case& ran, const Outcome& outcome) {
    first.note(ran, outcome, mark_->path());
  };
  if (watch) watch(trial);
  for (const Oracle* oracle : oracles) {
    mark_->set({});
    arm_timeout(limits_.timeout_seconds);
    const Verdict verdict = judge(trial, *oracle);
    send_line(to_json_line(verdict, of_paths(verdict, first.raises())));
  }
}

Verdict Isolated::check(const corpora::Case& c, std::string_view oracle, bool fresh) {
  const Oracle* found = find_oracle(oracle);
  if (!found) return refused(fmt::format("unknown oracle '{}'", oracle));
  return check(c, *found, fresh);
}

Verdict Isolated::check(const corpora::Case& c, const Oracle& oracle, bool fresh) {
  if (fresh) renew();
  return check_all(c, {&oracle}).front();
}

std::vector<Verdict> Isolated::check_all(const corpora::Case& c, const std::vector<const Oracle*>& oracles) {
  raises_.clear();
  for (const corpora::Call& call : c.calls) {
    const corpora::Operator* op = subject_.catalog().find(call.op);
    if (!op) return {oracles.size(), refused(fmt::format("the subject has no operator {}", call.op))};
    if (op->schema.arguments.size() != call.arguments.size())
      return {oracles.size(), refused(fmt::format("arguments missing for {}", call.op))};
  }
  for (const Oracle* oracle : oracles)
    if (oracle->asks_peer) subject_.no_peer();  // loads the peer once, before the fork
  was_first_ = !used_;
  std::vector<std::string> lines;
  const std::optional<Death> death = request(c, oracles, lines);
  std::vector<Verdict> verdicts;
  for (const std::string& line : lines) verdicts.push_back(verdict_from_json_line(line, &raises_));
  if (death) verdicts.push_back(verdict_of_death(subject_, c, mark_->path(), *death, limits_));
  return verdicts;
}

std::optional<Death> Isolated::request(const corpora::Case& c, const std::vector<const Oracle*>& oracles,
                                       std::vector<std::string>& lines) {
  if (pid_ < 0) start();
  used_ = true;
  const std::string text = corpora::to_text(c);
  const Request header{oracles.size(), text.size()};
  if (!send_all(channel_, &header, sizeof header) ||
      !send_all(channel_, oracles.data(), oracles.size() * sizeof(const Oracle*)) ||
      !send_all(channel_, text.data(), text.size()))
    return death_of_child(false);
  char buffer[4096];
  std::string line;
  for (const size_t wanted = std::max<size_t>(oracles.size(), 1); lines.size() < wanted;) {
    if (!wait_readable(channel_, hung_after_seconds(limits_))) return death_of_child(true);
    const ssize_t n = recv(channel_, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return death_of_child(false);
    for (const char byte : std::string_view(buffer, static_cast<size_t>(n))) {
      if (byte != '\n')
        line += byte;
      else
        lines.push_back(std::exchange(line, {}));
    }
  }
  return std::nullopt;
}

Death Isolated::death_of_child(bool hung) {
  if (hung) kill(pid_, SIGKILL);
  const std::optional<Death> death = death_of(close_child(), hung);
  CHECK(death, "the child ended without an answer");
  return *death;
}

std::vector<std::string> Isolated::trace(const corpora::Case& c, const corpora::Path& path) {
  corpora::Case traced = c;
  traced.header.path = path;
  std::vector<std::string> answer;
  const std::optional<Death> death = request(traced, {}, answer);
  if (death) return {fmt::format("no trace: the run ended with {}", ending_text(death->side))};
  const std::string& line = answer.front();
  std::vector<std::string> lines;
  for (size_t at = 0; at < line.size();) {
    const size_t end = line.find('\x1f', at);
    lines.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace oracles
