#include "fuzz/campaign/tally.h"

#include <algorithm>
#include <numeric>

namespace fuzz {

using oracles::Judgement;

void Counts::add(const Counts& other) {
  for (size_t i = 0; i < judgements.size(); ++i) judgements[i] += other.judgements[i];
  for (size_t i = 0; i < reach.size(); ++i) reach[i] += other.reach[i];
  worst_share = std::max(worst_share, other.worst_share);
}

uint64_t Counts::cases() const { return std::accumulate(judgements.begin(), judgements.end(), uint64_t{0}); }

uint64_t Counts::checks() const {
  uint64_t sum = 0;
  for (size_t i = 0; i < judgements.size(); ++i) {
    if (oracles::is_check(static_cast<Judgement>(i))) sum += judgements[i];
  }
  return sum;
}

uint64_t Counts::detections() const {
  return of(Judgement::differ) + of(Judgement::crash) + of(Judgement::timeout) + of(Judgement::memory);
}

void OperatorTally::add(const OperatorTally& other) {
  executed += other.executed;
  raised += other.raised;
  crashed += other.crashed;
  gaps += other.gaps;
  for (const auto& [name, counts] : other.oracles) oracles[name].add(counts);
}

void Tally::add(const Tally& other) {
  cases += other.cases;
  for (const auto& [name, tally] : other.operators) operators[name].add(tally);
}

std::map<std::string, Counts> Tally::by_oracle() const {
  std::map<std::string, Counts> sums;
  for (const auto& [name, tally] : operators) {
    for (const auto& [oracle, counts] : tally.oracles) sums[oracle].add(counts);
  }
  return sums;
}

Counts Tally::total() const {
  Counts sum;
  for (const auto& [oracle, counts] : by_oracle()) sum.add(counts);
  return sum;
}

}  // namespace fuzz
