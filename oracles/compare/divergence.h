// Divergence: where two sides that must agree do not, as data (side.h). Verdict: what one oracle says of one
// case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/path.h"
#include "engine/core/accuracy.h"
#include "oracles/compare/side.h"

namespace oracles {

enum class Kind : uint8_t {
  value,
  nan_pattern,
  sizes,
  strides,
  offset,
  dtype,
  device,
  alias,
  outputs,
  identity,
  version,
  error,
  gradient,
  mutation,
  state,
  nondeterminism,
  crash,
  timeout,
  memory
};
std::string_view name_of(Kind kind);
bool kind_named(std::string_view name, Kind& kind);

// How values were compared (design, section 4).
using engine::Tier;
std::string_view name_of(Tier tier);

struct Divergence {
  Kind kind = Kind::value;
  std::string op;  // operator of the first differing call
  int call = 0;
  Place place;
  Side left, right;
  Tier tier = Tier::none;
  double difference = 0;  // |left - right| where that means something
  double bound = 0;       // what the tier allowed
  std::string bound_reason;
  std::optional<OutState>
      form;                    // the right side runs another form of the call: in place, or with such an out
  bool uninitialised = false;  // a side changes with the pattern of fresh memory

  bool is_death() const { return right.died(); }
};

enum class Judgement : uint8_t {
  agree,
  both_raised,
  differ,
  incomparable,
  crash,
  timeout,
  memory,  // checks
  refused,
  over_budget,
  gap  // not checks
};
std::string_view name_of(Judgement judgement);
constexpr bool is_check(Judgement j) { return j <= Judgement::memory; }

struct Verdict {
  Judgement judgement = Judgement::agree;
  std::string why;            // for incomparable, refused, gap, over_budget
  Divergence divergence;      // with differ, crash, timeout, memory
  corpora::Path left, right;  // the paths compared
  uint8_t reach = 0;          // Reach of the right side, as a number
  double worst_share = 0;     // largest difference over bound seen, also when it agrees
  std::string right_case;     // text of the right side's program where it is another one (variants), or empty

  bool is_detection() const {
    return judgement == Judgement::differ || judgement == Judgement::crash ||
           judgement == Judgement::timeout || judgement == Judgement::memory;
  }
};

// Identity of a kind of failure, known at detection: "torch/zero/aten::exp/strides".
struct Signature {
  std::string subject, oracle, op;
  Kind kind = Kind::value;

  bool operator==(const Signature&) const = default;
};
std::string to_string(const Signature& signature);

}  // namespace oracles
