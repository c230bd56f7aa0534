// Pending: raw detections on disk, until they are investigated. pending/SIGNATURE-INDEX.case can be replayed;
// its first line is a comment with its origin.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fuzz/campaign/out_directory.h"
#include "reports/investigate.h"

namespace fuzz {

// How many detections of one signature a run keeps: the ones with the lowest case indices.
constexpr size_t kKeptPerSignature = 2;

struct Pending {
  std::string name;            // of its file
  std::string run;             // key of the run
  uint64_t process_began = 0;  // index of the first case of the worker process
  reports::Detection detection;
};

void write_pending(OutDirectory& out, const Pending& pending, const oracles::Verdict& verdict);

// Sorted by signature, run and index. Files that cannot be read are ignored.
std::vector<Pending> read_pending(const OutDirectory& out);

// Renames the detections of other runs, so that run `run` can use their names.
void rename_other_runs(OutDirectory& out, const std::string& run);

// Moves it to unconfirmed/, with the reason.
void set_aside_unconfirmed(OutDirectory& out, const Pending& pending, const std::string& why);
void forget(const OutDirectory& out, const Pending& pending);

// Keeps kKeptPerSignature of each run and signature, and removes the others.
std::vector<Pending> keep_lowest(const OutDirectory& out, std::vector<Pending> sorted);

}  // namespace fuzz
