// Tally: counts of verdicts by operator and oracle. Addition is all it does, so any split over jobs sums to the same.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "oracles/divergence.h"

namespace fuzz {

struct Counts {
  std::array<uint64_t, 10> judgements{};  // by oracles::Judgement
  std::array<uint64_t, 5> reach{};        // by oracles::Reach
  double worst_share = 0;

  void add(const oracles::Verdict& verdict);
  void add(const Counts& other);
  uint64_t of(oracles::Judgement j) const { return judgements[static_cast<size_t>(j)]; }
  uint64_t checks() const;
};

struct OperatorTally {
  uint64_t executed = 0, raised = 0, crashed = 0, gaps = 0;
  std::map<std::string, Counts> oracles;
};

struct Tally {
  uint64_t cases = 0;
  std::map<std::string, OperatorTally> operators;

  void add(const Tally& other);
};

}  // namespace fuzz
