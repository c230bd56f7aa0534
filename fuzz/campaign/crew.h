// Crew: the parent's side while cases are judged. It starts a worker for each chunk, in order of index and at
// most `jobs` at once; attributes each death to the check that caused it and starts a new worker after that
// check; and sums the tables. Only a prefix of whole chunks counts, so an interrupted run equals a shorter
// one.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "fuzz/campaign/interrupt.h"
#include "fuzz/campaign/progress.h"
#include "fuzz/campaign/worker.h"
#include "oracles/invariants/declared_writes.h"
#include "reports/tally.h"

namespace fuzz {

class Crew {
 public:
  // `extended` is called with the sum over the prefix each time the prefix grows.
  Crew(Run& run, Progress& progress, const Interrupt& interrupt,
       std::function<void(const reports::Tally&)> extended);
  ~Crew();

  // Until the cases or the seconds are used up, an interrupt, or with fail_fast the first detection.
  const reports::Tally& run();
  // Of the same prefix.
  const oracles::DeclaredWrites& declared_writes() const { return prefix_writes_; }

 private:
  struct Worker;

  bool may_launch() const;
  void launch(uint64_t chunk);
  void send(Worker& worker, Place from);
  void await_end_of_any();
  void end_hung_workers();
  void on_end(Worker& worker);
  Place on_death(Worker& worker, const oracles::Death& death);
  Place attribute(Worker& worker, const oracles::Death& death, Place at);
  void finish(Worker& worker);
  void fold();
  void show();

  // What a chunk adds to the prefix.
  struct Sums {
    reports::Tally tally;
    oracles::DeclaredWrites writes;
    std::vector<Lessons::End> ends;
  };
  Sums sums_of(Turns turns, ChunkMemory& memory);

  Run& run_;
  Progress& progress_;
  const Interrupt& interrupt_;
  std::function<void(const reports::Tally&)> extended_;
  std::vector<std::unique_ptr<Worker>> workers_;  // that are running
  std::vector<std::unique_ptr<ChunkMemory>> spare_;
  uint64_t next_chunk_ = 0, next_to_fold_ = 0;
  std::map<uint64_t, Sums> finished_;
  reports::Tally prefix_;
  oracles::DeclaredWrites prefix_writes_;
  reports::VerdictCounts total_;  // of the prefix
  bool stop_ = false;
};

}  // namespace fuzz
