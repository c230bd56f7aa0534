// Worker: what a forked process of a campaign does: it judges the cases of a chunk, from a given place.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/campaign/campaign.h"
#include "fuzz/campaign/case_order.h"
#include "fuzz/campaign/chunk_memory.h"
#include "fuzz/campaign/lessons.h"
#include "fuzz/campaign/out_directory.h"
#include "fuzz/campaign/signatures_seen.h"
#include "oracles/trial/trial.h"

namespace fuzz {

// What the parent and the workers of a run share; workers inherit it by the fork.
struct Run {
  oracles::Subject& subject;
  const CampaignSteps& steps;
  const reports::KnownEntries& known;
  const CampaignOptions& options;
  OutDirectory& out;
  std::string key;         // identifies the run in the output directory
  reports::Origin origin;  // without the index
  CaseOrder order;
  Lessons lessons;      // the parent learns; a worker has those of the time of its fork
  SignaturesSeen seen;  // detections that are known to be on disk

  oracles::IsolatedLimits limits() const;
  bool judges(size_t oracle, uint64_t index, bool is_program) const {
    return fuzz::judges(*options.oracles[oracle], index, is_program, order.samples());
  }
};

// Where in a chunk work begins.
struct Place {
  uint32_t turn = 0;
  uint32_t oracle = 0;

  bool operator==(const Place&) const = default;
};

// The oracle to which the death of a direct run is attributed. No path is involved, so it is "state", which
// judges single outcomes, if it is selected, else the first oracle that judges the case. Nothing if none
// judges it.
std::optional<size_t> oracle_of_direct_run(const Run& run, uint64_t index, bool is_program);

corpora::Case case_at(Run& run, uint64_t index);
// Whether that case is a dispatch program.
bool is_program_at(Run& run, uint64_t index);

// The indices of the cases that a process judges, by turn.
using Turns = std::span<const uint64_t>;

// Draws and judges the cases from a place on, and writes the journal. `judged` receives each verdict and
// returns whether to continue.
using Judged =
    std::function<bool(uint32_t turn, size_t oracle, const corpora::Case&, const oracles::Verdict&)>;
void judge_cases(Run& run, ChunkMemory& memory, Turns turns, Place from, const Judged& judged);

// What a worker does: judges its chunk from the given place on, records each verdict and writes detections.
void work(Run& run, ChunkMemory& memory, Turns turns, Place from);

// Writes the detection unless enough detections of its signature with lower indices are known to be on disk.
void keep_detection(Run& run, ChunkMemory& memory, Turns turns, uint32_t turn, const corpora::Case& c,
                    const oracles::Oracle& oracle, const oracles::Verdict& verdict);

// Writes a detection that follows from all calls of a run, which the cases of these indices show as one
// program.
void keep_detection_of_run(Run& run, const std::vector<uint64_t>& indices, const oracles::Oracle& oracle,
                           const oracles::Verdict& verdict);

}  // namespace fuzz
