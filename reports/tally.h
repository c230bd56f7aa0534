// Tally: counts of verdicts by operator and oracle, and their form in summary.json, coverage.json and
// reports. Tallies are only added, so any division among jobs, runs or folders gives the same sum.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oracles/compare/divergence.h"
#include "oracles/gap_reporter.h"
#include "oracles/outcome.h"
#include "reports/json_text.h"

namespace reports {

struct VerdictCounts {
  std::array<uint64_t, 10> judgements{};  // by oracles::Judgement
  std::array<uint64_t, 5> reach{};        // by oracles::Reach; only of cases whose direct run returned
  double worst_share = 0;                 // the largest error, as a share of its bound

  void add(const VerdictCounts& other);
  uint64_t of(oracles::Judgement j) const { return judgements[static_cast<size_t>(j)]; }
  uint64_t of(oracles::Reach r) const { return reach[static_cast<size_t>(r)]; }
  uint64_t cases() const;    // that the oracle was given, refused ones included
  uint64_t checks() const;   // cases with a verdict
  uint64_t reached() const;  // cases that met the oracle's key
  uint64_t detections() const;
};

// Direct runs of cases, by how their last call ended.
struct OperatorTally {
  uint64_t drawn = 0;     // calls that were made, unlike those of programs that ended before
  uint64_t accepted = 0;  // that returned
  uint64_t executed = 0;  // ... and got a tensor of two or more elements, if the schema takes tensors
  uint64_t raised = 0, crashed = 0;
  uint64_t gaps = 0;            // that raised the not-implemented class of error
  uint64_t differentiable = 0;  // that returned and got real or complex numbers, as did the caller
  std::string last_error;       // of the last case that raised
  std::optional<std::vector<oracles::OperatorGap>> missing;  // in all of the added tallies that know it
  std::map<std::string, VerdictCounts> oracles;

  // `other` is of later cases.
  void add(const OperatorTally& other);
};
using OperatorTallies = std::map<std::string, OperatorTally>;  // by qualified name

struct Tally {
  uint64_t cases = 0;
  OperatorTallies operators;

  void add(const Tally& other);
  std::map<std::string, VerdictCounts> by_oracle() const;
  VerdictCounts total() const;
};

// Adds "checks", "agree" and so on to an object.
void put_counts(Json& json, const VerdictCounts& counts);
VerdictCounts counts_of(const Json& json);  // of an object of put_counts, oracle_json or operators_json

Json oracle_json(const std::string& name, const VerdictCounts& counts, bool not_run);
Json operators_json(const OperatorTallies& operators);
OperatorTallies operators_of(const Json& json);

}  // namespace reports
