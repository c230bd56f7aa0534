// Tally: counts of verdicts by operator and oracle. Tallies are only added, so any division among jobs gives
// the same sum.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "oracles/compare/divergence.h"
#include "oracles/outcome.h"

namespace fuzz {

struct Counts {
  std::array<uint64_t, 10> judgements{};  // by oracles::Judgement
  std::array<uint64_t, 5> reach{};        // by oracles::Reach; only of cases whose direct run returned
  double worst_share = 0;                 // the largest

  void add(const Counts& other);
  uint64_t of(oracles::Judgement j) const { return judgements[static_cast<size_t>(j)]; }
  uint64_t of(oracles::Reach r) const { return reach[static_cast<size_t>(r)]; }
  uint64_t cases() const;  // that the oracle was given, refused ones included
  uint64_t checks() const;
  uint64_t detections() const;
};

struct OperatorTally {
  uint64_t executed = 0, raised = 0, crashed = 0, gaps = 0;
  std::map<std::string, Counts> oracles;

  void add(const OperatorTally& other);
};

struct Tally {
  uint64_t cases = 0;
  std::map<std::string, OperatorTally> operators;

  void add(const Tally& other);
  std::map<std::string, Counts> by_oracle() const;
  Counts total() const;
};

}  // namespace fuzz
