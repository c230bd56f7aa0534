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
#include "oracles/isolation/child_directory.h"
#include "oracles/relations/forms.h"
#include "oracles/trial/trial.h"

namespace oracles {

struct Isolated::Shared {
  PathMark path;
};

namespace {

// What stands before the oracles and the case's text. An oracle is a pointer: parent and child were one
// program when they parted.
struct Request {
  uint64_t oracles = 0;  // none: a trace along the header's path
  uint64_t length = 0;
};

bool send_all(int descriptor, const void* data, size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t n = send(descriptor, at, size, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

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

Verdict refused(std::string why) {
  Verdict verdict;
  verdict.judgement = Judgement::refused;
  verdict.why = std::move(why);
  return verdict;
}

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
    text += fmt::format("{:{}}{} [{}]\x1f", "", 2 * entry.depth, entry.op, keys);
  }
  return text;
}

}  // namespace

Verdict judge(Trial& trial, const Oracle& oracle) try {
  if (std::string why = trial.subject().refuses(trial.test_case(), {}); !why.empty())
    return refused(std::move(why));
  trial.direct();
  return oracle.check(trial);
} catch (const engine::InputError& error) {
  return refused(error.line());
}

Isolated::Isolated(Subject& subject, IsolatedLimits limits) : subject_(subject), limits_(std::move(limits)) {
  void* page = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw engine::EnvironmentError("a page of shared memory", errno);
  shared_ = new (page) Shared;
  sweep_child_directories(limits_.directory);
}

Isolated::~Isolated() {
  stop();
  munmap(shared_, sizeof(Shared));
}

void Isolated::start() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw engine::EnvironmentError("a socket pair", errno);
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
  wait_for(pid_);
  close(channel_);
  pid_ = channel_ = -1;
  used_ = false;
}

void Isolated::renew() {
  if (used_) stop();
}

void Isolated::serve() {
  for (Request request; receive_all(channel_, &request, sizeof request);) {
    std::vector<const Oracle*> oracles(request.oracles);
    std::string text(request.length, '\0');
    if (!receive_all(channel_, oracles.data(), oracles.size() * sizeof oracles[0])) break;
    if (!receive_all(channel_, text.data(), text.size())) break;
    answer(corpora::parse_case(text, "case"), oracles);
    arm_timeout(0);
  }
}

// A line for each oracle, as soon as it has judged; or the trace.
void Isolated::answer(const corpora::Case& c, const std::vector<const Oracle*>& oracles) {
  const auto tell = [&](std::string line) {
    line += '\n';
    send_all(channel_, line.data(), line.size());
  };
  arm_timeout(limits_.timeout_seconds);
  if (oracles.empty()) return tell(trace_lines(subject_, c, shared_->path));
  shared_->path.set({});
  Trial trial(subject_, c);
  trial.before_run = [&](const corpora::Path& path) { shared_->path.set(path); };
  if (watch) watch(trial);
  for (const Oracle* oracle : oracles) {
    shared_->path.set({});
    arm_timeout(limits_.timeout_seconds);
    tell(to_json_line(judge(trial, *oracle)));
  }
}

Verdict Isolated::check(const corpora::Case& c, std::string_view oracle, bool fresh) {
  const Oracle* found = find_oracle(oracle);
  if (!found) return refused(fmt::format("no oracle is called {}", oracle));
  return check(c, *found, fresh);
}

Verdict Isolated::check(const corpora::Case& c, const Oracle& oracle, bool fresh) {
  if (fresh) renew();
  return check_all(c, {&oracle}).front();
}

std::vector<Verdict> Isolated::check_all(const corpora::Case& c, const std::vector<const Oracle*>& oracles) {
  for (const corpora::Call& call : c.calls) {
    const corpora::Operator* op = subject_.catalog().find(call.op);
    if (!op) return {oracles.size(), refused(fmt::format("the subject has no operator {}", call.op))};
    if (op->schema.arguments.size() != call.arguments.size())
      return {oracles.size(), refused(fmt::format("arguments missing for {}", call.op))};
  }
  for (const Oracle* oracle : oracles)
    if (oracle->asks_peer) subject_.no_peer();  // loaded once, and not by every child
  was_first_ = !used_;
  std::vector<std::string> lines;
  const std::optional<Death> death = ask(c, oracles, lines);
  std::vector<Verdict> verdicts;
  for (const std::string& line : lines) verdicts.push_back(verdict_from_json_line(line));
  if (death) verdicts.push_back(verdict_of_death(subject_, c, shared_->path.path(), *death, limits_));
  return verdicts;
}

// One request and its answers, a line each; or how the child died of it.
std::optional<Death> Isolated::ask(const corpora::Case& c, const std::vector<const Oracle*>& oracles,
                                   std::vector<std::string>& lines) {
  if (pid_ < 0) start();
  used_ = true;
  const std::string text = corpora::to_text(c);
  const Request request{oracles.size(), text.size()};
  if (!send_all(channel_, &request, sizeof request) ||
      !send_all(channel_, oracles.data(), oracles.size() * sizeof(const Oracle*)) ||
      !send_all(channel_, text.data(), text.size()))
    return bury(false);
  char buffer[4096];
  std::string line;
  for (const size_t wanted = std::max<size_t>(oracles.size(), 1); lines.size() < wanted;) {
    if (!wait_readable(channel_, hung_after_seconds(limits_))) return bury(true);
    const ssize_t n = recv(channel_, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return bury(false);
    for (const char byte : std::string_view(buffer, static_cast<size_t>(n))) {
      if (byte != '\n')
        line += byte;
      else
        lines.push_back(std::exchange(line, {}));
    }
  }
  return std::nullopt;
}

Death Isolated::bury(bool hung) {
  if (hung) kill(pid_, SIGKILL);
  const int status = wait_for(pid_);
  close(channel_);
  pid_ = channel_ = -1;
  used_ = false;
  const std::optional<Death> death = death_of(status, hung);
  CHECK(death, "a child of ours left without an answer");
  return *death;
}

std::vector<std::string> Isolated::trace(const corpora::Case& c, const corpora::Path& path) {
  corpora::Case asked = c;
  asked.header.path = path;
  std::vector<std::string> answer;
  const std::optional<Death> death = ask(asked, {}, answer);
  if (death) return {fmt::format("no trace: the run ended with {}", death->how)};
  const std::string& line = answer.front();
  std::vector<std::string> lines;
  for (size_t at = 0; at < line.size();) {
    const size_t end = line.find('\x1f', at);
    lines.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

namespace {

// The form that the path asks for, where the dead run was the program rewritten to it.
std::optional<Form> form_of(Subject& subject, const corpora::Case& c, const corpora::Path& path) {
  const corpora::Operator* functional = subject.catalog().find(c.calls.back().op);
  if (functional == nullptr) return std::nullopt;
  for (const corpora::Layer& layer : path) {
    if (layer.kind != corpora::LayerKind::form) continue;
    const std::vector<Form> forms = other_forms(subject.catalog(), *functional);
    if (static_cast<size_t>(layer.storage) < forms.size()) return forms[static_cast<size_t>(layer.storage)];
  }
  return std::nullopt;
}

}  // namespace

Verdict verdict_of_death(Subject& subject, const corpora::Case& c, const corpora::Path& path,
                         const Death& death, const IsolatedLimits& limits) {
  size_t call = c.calls.size() - 1;
  corpora::Case shorter = c;
  for (size_t length = 1; length < c.calls.size(); ++length) {
    shorter.calls.assign(c.calls.begin(), c.calls.begin() + static_cast<std::ptrdiff_t>(length));
    const auto run = [&] {
      Trial(subject, shorter).run(path);
      return std::string();
    };
    if (run_in_child(limits, run).death) {
      call = length - 1;
      break;
    }
  }
  Verdict verdict = verdict_of(death, c.calls[call].op, path);
  verdict.divergence.call = static_cast<int>(call);
  const std::optional<Form> form = form_of(subject, c, path);
  // The functional form has come to an end before: what died is the other one.
  if (form && call + 1 == c.calls.size()) verdict.divergence.op = form->op->name;
  return verdict;
}

}  // namespace oracles
