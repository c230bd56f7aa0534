#include "oracles/isolation/fresh_processes.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "corpora/case/text.h"
#include "engine/core/environment_error.h"
#include "oracles/compare/divergence_json.h"
#include "oracles/trial/trial.h"

namespace oracles {

namespace {

using Json = nlohmann::ordered_json;

bool receive_exactly(int channel, void* data, size_t size) {
  char* at = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t n = recv(channel, at, size, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

bool send_text(int channel, const std::string& text) {
  const uint64_t size = text.size();
  return send_all(channel, &size, sizeof size) && send_all(channel, text.data(), text.size());
}

std::optional<std::string> receive_text(int channel) {
  uint64_t size = 0;
  if (!receive_exactly(channel, &size, sizeof size)) return std::nullopt;
  std::string text(size, '\0');
  if (!receive_exactly(channel, text.data(), text.size())) return std::nullopt;
  return text;
}

// A call's outcome as the side of a divergence, which has a text form.
Divergence divergence_with(const CallOutcome& call) {
  Divergence divergence;
  divergence.left = side_of(call);
  divergence.left.whole = call.results;
  for (const InputChange& change : call.changes) {
    Result& after = divergence.left.whole.emplace_back();
    after.kind = Result::Kind::tensor;
    after.tensor = change.after;
  }
  return divergence;
}

CallOutcome outcome_from(const Divergence& divergence) {
  CallOutcome call;
  call.error_class = divergence.left.error_class;
  call.message = divergence.left.message;
  if (divergence.left.end == End::raised) call.status = Status::raised;
  if (divergence.left.end == End::over_memory) call.status = Status::over_memory;
  call.results = divergence.left.whole;
  return call;
}

constexpr char between_programs = '\x1e';

}  // namespace

FreshProcesses::FreshProcesses(Subject& subject, const IsolatedLimits& limits)
    : subject_(subject), limits_(limits) {
  const std::array<int, 2> ends = socket_pair();
  server_ = fork_child(limits, [&] {
    close(ends[0]);
    serve(ends[1]);
  });
  close(ends[1]);
  channel_ = ends[0];
  fresh_runs() = [this](const std::vector<corpora::Case>& programs) { return run(programs); };
}

FreshProcesses::~FreshProcesses() {
  fresh_runs() = nullptr;
  close(channel_);
  kill(server_, SIGKILL);
  wait_for(server_);
}

void FreshProcesses::serve(int channel) {
  while (const std::optional<std::string> request = receive_text(channel)) {
    const ChildAnswer answered = run_in_child(limits_, [&] { return answer(*request); });
    if (!send_text(channel, answered.death ? "" : answered.text)) return;
  }
}

// In a child: runs the programs. Empty: the last one ended before its last call.
std::string FreshProcesses::answer(const std::string& request) {
  Json returned = Json::array();
  for (size_t at = 0; at < request.size();) {
    const size_t end = request.find(between_programs, at);
    const corpora::Case c = corpora::parse_case(request.substr(at, end - at), "program");
    const Outcome outcome = Trial(subject_, c).run({});
    returned.push_back(outcome.returned());
    at = end + 1;
    if (at < request.size()) continue;
    if (outcome.calls.size() != c.calls.size()) break;
    const Json answered{{"returned", returned}, {"last", to_json(divergence_with(outcome.last()))}};
    return answered.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return {};
}

std::optional<FreshRun> FreshProcesses::run(const std::vector<corpora::Case>& programs) {
  std::string request;
  for (corpora::Case program : programs) {
    program.header = {};
    request += corpora::to_text(program) + between_programs;
  }
  std::optional<std::string> answered;
  if (send_text(channel_, request)) answered = receive_text(channel_);
  if (!answered || answered->empty()) return std::nullopt;
  const Json json = Json::parse(*answered);
  return FreshRun{json.at("returned").get<std::vector<bool>>(),
                  outcome_from(divergence_from(json.at("last"), Kind::value))};
}

}  // namespace oracles
