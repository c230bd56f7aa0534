// Pending: raw detections on disk, from the moment they are seen until they are investigated.
// pending/SIGNATURE-INDEX.case replays, and says in its first line where it is from.
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
  std::string run;             // key of the run that saw it
  uint64_t process_began = 0;  // index of the first case of the process that saw it
  reports::Detection detection;
};

// The header of the raw case is filled here, from the verdict.
reports::Detection detection_of(const corpora::Case& c, const std::string& subject, const std::string& oracle,
                                const oracles::Verdict& verdict, const reports::Origin& origin);

void write_pending(OutDirectory& out, const Pending& pending, const oracles::Verdict& verdict);

// All that can be read, sorted by signature, run and index. What cannot be read is left alone.
std::vector<Pending> read_pending(const OutDirectory& out);

// Gives way to run `run`: detections of other runs get names that it cannot use.
void set_apart_from(OutDirectory& out, const std::string& run);

// Moves it to unconfirmed/, with what was seen instead.
void set_aside_unconfirmed(OutDirectory& out, const Pending& pending, const std::string& why);
void forget(const OutDirectory& out, const Pending& pending);

// Removes all but the kept ones of each run and signature; returns those.
std::vector<Pending> keep_lowest(const OutDirectory& out, std::vector<Pending> sorted);

}  // namespace fuzz
