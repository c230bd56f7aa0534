// ChunkMemory: what a worker reports while it works, in shared memory that outlives it. A journal says which
// check runs, so that the parent can attribute a death to that check. A table holds a few bytes for each
// check, by turn, so that a death loses no count and the parent can sum in any order. A log lists the
// signatures that the worker has written. Only one process writes: the worker or, after its death, the
// parent.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/campaign/case_order.h"
#include "oracles/compare/divergence.h"
#include "oracles/invariants/declared_writes.h"
#include "oracles/isolation/child.h"

namespace fuzz {

constexpr size_t kErrorBytes = 200;

// How the direct run of a case ended, for coverage.
enum class DirectEnd : uint8_t {
  not_run,   // the last call of the case was not reached
  executed,  // returned, with a tensor argument of two or more elements if the schema takes tensors
  returned,  // returned, with smaller arguments
  raised,
  gap,  // the not-implemented class of error
  over_memory,
  died
};

// What the parent reports about a direct run, besides its end.
struct DirectRecord {
  DirectEnd end = DirectEnd::not_run;
  bool differentiable = false;  // floating-point tensors went in and came out
  oracles::ArgumentWrites writes;
};

struct CheckRecord {
  uint8_t made = 0;
  uint8_t judgement = 0;  // oracles::Judgement
  uint8_t reach = 0;      // oracles::Reach
  float worst_share = 0;
};

enum class Phase : uint8_t { drawing, direct, checking, writing, done };

struct Journal {
  std::atomic<uint32_t> at_turn{0};  // of the chunk
  std::atomic<uint32_t> at_oracle{0};
  std::atomic<Phase> phase{Phase::drawing};
  uint32_t began = 0;  // the turn at which this process began
  oracles::PathMark path;
};

class ChunkMemory {
 public:
  explicit ChunkMemory(size_t oracle_count);
  ~ChunkMemory();
  ChunkMemory(const ChunkMemory&) = delete;
  ChunkMemory& operator=(const ChunkMemory&) = delete;

  void clear();
  Journal& journal() { return head_->journal; }
  DirectRecord& direct(uint32_t turn) { return head_->direct[turn]; }
  // The error of a direct run that raised, cut to kErrorBytes.
  void set_error(uint32_t turn, std::string_view error_class, std::string_view message);
  std::string_view error(uint32_t turn) const;  // valid only after a set_error of this turn
  CheckRecord& check(uint32_t turn, size_t oracle) { return checks_[turn * oracle_count_ + oracle]; }
  void record(uint32_t turn, size_t oracle, const oracles::Verdict& verdict);

  // The log only saves later workers from writing useless detections; entries that do not fit are dropped.
  struct Logged {
    uint64_t index;
    std::string signature;
  };
  void log(uint64_t index, std::string_view signature);
  std::vector<Logged> logged() const;

 private:
  struct Head {
    Journal journal;
    DirectRecord direct[kChunkCases];
    uint8_t error_length[kChunkCases];
    char error[kChunkCases][kErrorBytes];  // never cleared: the system adds pages when they are written
    uint32_t log_used;
    char log[1 << 16];
  };
  size_t bytes() const { return sizeof(Head) + sizeof(CheckRecord) * kChunkCases * oracle_count_; }

  size_t oracle_count_;
  Head* head_ = nullptr;
  CheckRecord* checks_ = nullptr;
};

}  // namespace fuzz
