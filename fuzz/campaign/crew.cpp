#include "fuzz/campaign/crew.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "corpora/case/far_sizes.h"
#include "engine/core/check.h"
#include "engine/core/environment_error.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/isolation/death_verdict.h"
#include "oracles/isolation/fresh_processes.h"

namespace fuzz {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kRelaxed = std::memory_order_relaxed;

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

}  // namespace

struct Crew::Worker {
  uint64_t chunk = 0;
  std::vector<uint64_t> turns;
  std::unique_ptr<ChunkMemory> memory;
  pid_t pid = -1;
  int lifeline = -1;  // a pipe that closes when the worker ends
  Place from;         // where its latest process began
  // What the journal said last, and since when.
  std::pair<Place, Phase> progress;
  Clock::time_point progress_since;
  bool killed_as_hung = false;

  std::pair<Place, Phase> at() const {
    const Journal& journal = memory->journal();
    return {{journal.at_turn.load(kRelaxed), journal.at_oracle.load(kRelaxed)}, journal.phase.load(kRelaxed)};
  }
};

Crew::Crew(Run& run, Progress& progress, const Interrupt& interrupt,
           std::function<void(const reports::Tally&)> extended)
    : run_(run), progress_(progress), interrupt_(interrupt), extended_(std::move(extended)) {}

Crew::~Crew() {
  for (const auto& worker : workers_) {
    if (worker->pid < 0) continue;  // has ended
    kill(worker->pid, SIGKILL);
    oracles::wait_for(worker->pid);
    close(worker->lifeline);
  }
}

const reports::Tally& Crew::run() {
  for (;;) {
    while (may_launch()) launch(next_chunk_++);
    if (workers_.empty() || stop_) return prefix_;
    await_end_of_any();
    end_hung_workers();
    show();
  }
}

bool Crew::may_launch() const {
  if (stop_ || interrupt_.requested()) return false;
  if (workers_.size() >= static_cast<size_t>(std::max(run_.options.jobs, 1))) return false;
  if (run_.options.seconds > 0 && progress_.seconds() >= run_.options.seconds) return false;
  if (Lessons::taught_before(next_chunk_) > next_to_fold_) return false;
  return run_.options.cases == 0 || next_chunk_ * kChunkCases < run_.options.cases;
}

void Crew::launch(uint64_t chunk) {
  auto worker = std::make_unique<Worker>();
  worker->chunk = chunk;
  worker->turns = run_.order.turns(chunk, run_.options.cases);
  if (spare_.empty()) {
    worker->memory = std::make_unique<ChunkMemory>(run_.options.oracles.size());
  } else {
    worker->memory = std::move(spare_.back());
    spare_.pop_back();
    worker->memory->clear();
  }
  send(*worker, {});
  workers_.push_back(std::move(worker));
}

void Crew::send(Worker& worker, Place from) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw engine::EnvironmentError("a pipe", errno);
  worker.from = from;
  worker.killed_as_hung = false;
  worker.pid = oracles::fork_child(run_.limits(), [&] {
    run_.out.leave_lock_to_parent();
    std::optional<oracles::FreshProcesses> fresh;
    const auto asks = [](const oracles::Oracle* oracle) { return oracle->name == "history"; };
    if (std::ranges::any_of(run_.options.oracles, asks)) fresh.emplace(run_.subject, run_.limits());
    work(run_, *worker.memory, worker.turns, from);
  });
  close(ends[1]);
  worker.lifeline = ends[0];
  worker.progress = worker.at();
  worker.progress_since = Clock::now();
}

void Crew::await_end_of_any() {
  std::vector<pollfd> polled;
  for (const auto& worker : workers_) polled.push_back({worker->lifeline, POLLIN, 0});
  if (poll(polled.data(), polled.size(), 200) <= 0) return;
  std::vector<Worker*> ended;
  for (size_t i = 0; i < polled.size(); ++i)
    if (polled[i].revents != 0) ended.push_back(workers_[i].get());
  for (Worker* worker : ended) on_end(*worker);
}

// The CPU-time limit does not end a worker that waits.
void Crew::end_hung_workers() {
  for (const auto& worker : workers_) {
    if (const auto at = worker->at(); at != worker->progress) {
      worker->progress = at;
      worker->progress_since = Clock::now();
    } else if (seconds_since(worker->progress_since) > oracles::hung_after_seconds(run_.limits())) {
      worker->killed_as_hung = true;
      kill(worker->pid, SIGKILL);
    }
  }
}

void Crew::on_end(Worker& worker) {
  close(worker.lifeline);
  const std::optional<oracles::Death> death =
      oracles::death_of(oracles::wait_for(std::exchange(worker.pid, -1)), worker.killed_as_hung);
  if (death) {
    const Place next = on_death(worker, *death);
    if (next.turn < worker.turns.size()) return send(worker, next);
  } else {
    CHECK(worker.at().second == Phase::done, "a worker ended before its chunk was done");
  }
  finish(worker);
}

// Returns where the next worker starts.
Place Crew::on_death(Worker& worker, const oracles::Death& death) {
  const auto [at, phase] = worker.at();
  if (phase == Phase::direct || phase == Phase::checking) return attribute(worker, death, at);
  // It died outside the subject, because an earlier case damaged the process: a fresh process continues at
  // the same place. If that one dies there at once, this is an internal error.
  CHECK(!(at == worker.from), fmt::format("drawing case {} ended the process: {}", worker.turns[at.turn],
                                          oracles::ending_text(death.side)));
  return at;
}

Place Crew::attribute(Worker& worker, const oracles::Death& death, Place at) {
  ChunkMemory& memory = *worker.memory;
  const uint64_t index = worker.turns[at.turn];
  const corpora::Path path = memory.journal().path.path();
  const corpora::Case c = case_at(run_, index);
  const oracles::Verdict verdict = oracles::verdict_of_death(run_.subject, c, path, death, run_.limits());
  const bool direct = path.empty();
  const size_t oracle =
      direct ? oracle_of_direct_run(run_, index, !c.program.empty()).value_or(at.oracle) : at.oracle;
  memory.record(at.turn, oracle, verdict);
  if (direct) memory.direct(at.turn).end = verdict.is_detection() ? DirectEnd::died : DirectEnd::over_memory;
  if (verdict.is_detection())
    keep_detection(run_, memory, worker.turns, at.turn, c, *run_.options.oracles[oracle], verdict);
  const bool out_of_budget = verdict.judgement == oracles::Judgement::over_budget && corpora::has_far_size(c);
  const bool case_is_over = direct || out_of_budget || at.oracle + 1 == run_.options.oracles.size();
  return case_is_over ? Place{at.turn + 1, 0} : Place{at.turn, at.oracle + 1};
}

void Crew::finish(Worker& worker) {
  for (const ChunkMemory::Logged& logged : worker.memory->logged())
    run_.seen.add(logged.signature, logged.index);
  finished_.emplace(worker.chunk, sums_of(worker.turns, *worker.memory));
  spare_.push_back(std::move(worker.memory));
  std::erase_if(workers_, [&](const auto& one) { return one.get() == &worker; });
  fold();
}

void Crew::fold() {
  for (auto at = finished_.find(next_to_fold_); at != finished_.end() && !stop_;
       at = finished_.find(++next_to_fold_)) {
    const Sums& sums = at->second;
    const reports::VerdictCounts total = sums.tally.total();
    if (run_.options.fail_fast && total.detections() > 0) stop_ = true;
    total_.add(total);
    prefix_.add(sums.tally);
    prefix_writes_.add(sums.writes);
    run_.lessons.learn(at->first, sums.ends, [&](uint64_t index) { return case_at(run_, index); });
    finished_.erase(at);
    extended_(prefix_);
  }
}

Crew::Sums Crew::sums_of(Turns turns, ChunkMemory& memory) {
  Sums sums;
  sums.tally.cases = turns.size();
  for (uint32_t i = 0; i < turns.size(); ++i) {
    const std::string& name = run_.order.place(turns[i]).op->name;
    reports::OperatorTally& of_op = sums.tally.operators[name];
    const DirectRecord& direct = memory.direct(i);
    const bool returned = direct.end == DirectEnd::executed || direct.end == DirectEnd::returned;
    of_op.drawn += direct.end != DirectEnd::not_run;
    of_op.accepted += returned;
    of_op.executed += direct.end == DirectEnd::executed;
    of_op.raised += direct.end == DirectEnd::raised;
    of_op.crashed += direct.end == DirectEnd::died;
    of_op.gaps += direct.end == DirectEnd::gap;
    of_op.differentiable += returned && direct.differentiable;
    if (direct.end == DirectEnd::raised || direct.end == DirectEnd::gap) of_op.last_error = memory.error(i);
    const bool raised = direct.end == DirectEnd::raised;
    if ((returned || raised) && !run_.order.place(turns[i]).is_sample && name != corpora::program_operator)
      sums.ends.push_back({turns[i], name, returned, raised ? Lessons::error_of(memory.error(i)) : 0});
    if (returned) sums.writes.add(name, turns[i], direct.writes);
    for (size_t o = 0; o < run_.options.oracles.size(); ++o) {
      const CheckRecord& record = memory.check(i, o);
      if (!record.made) continue;
      reports::VerdictCounts& counts = of_op.oracles[std::string(run_.options.oracles[o]->name)];
      ++counts.judgements.at(record.judgement);
      if (returned) ++counts.reach.at(record.reach);
      counts.worst_share = std::max(counts.worst_share, static_cast<double>(record.worst_share));
    }
  }
  return sums;
}

void Crew::show() {
  Progress::State state;
  state.cases = prefix_.cases;
  state.checks = total_.checks();
  state.detections = total_.detections();
  if (run_.options.cases > 0)
    state.share_done = static_cast<double>(prefix_.cases) / static_cast<double>(run_.options.cases);
  if (run_.options.seconds > 0)
    state.share_done = std::max(state.share_done, progress_.seconds() / run_.options.seconds);
  progress_.show_cases(state);
}

}  // namespace fuzz
