// Divergence: where two sides that must agree do not, as data (side.h). Verdict: what one oracle reports for
// one case.
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
std::optional<Kind> kind_named(std::string_view name);

// How values were compared (design, section 4).
using engine::Tier;
std::string_view name_of(Tier tier);
std::optional<Tier> tier_named(std::string_view name);

struct Divergence {
  Kind kind = Kind::value;
  std::string op;  // operator of the first differing call
  int call = 0;
  Place place;
  Side left, right;
  Tier tier = Tier::none;
  double difference = 0;  // |left - right|, for numbers
  double bound = 0;       // what the tier allowed
  std::string bound_reason;
  std::optional<OutState> form;  // set if the right side runs another form of the call: the state of its out
  bool uninitialised = false;    // a side changes with the pattern of fresh memory

  bool is_death() const { return right.died(); }
};
// The operator and the call are left to the caller.
Divergence divergence_of(Kind kind, Place place, Side left, Side right);
Divergence divergence_of(Kind kind, Place place, Shown left, Shown right);

enum class Judgement : uint8_t {
  // Checks:
  agree,
  both_raised,
  differ,
  incomparable,
  crash,
  timeout,
  memory,
  // Not checks:
  refused,
  over_budget,
  gap
};
std::string_view name_of(Judgement judgement);
constexpr bool is_check(Judgement j) { return j <= Judgement::memory; }

struct Verdict {
  Judgement judgement = Judgement::agree;
  std::string why;            // of incomparable, refused, gap, over_budget
  Divergence divergence;      // of differ, crash, timeout, memory
  corpora::Path left, right;  // the compared paths
  Reach reach = Reach::none;  // of the right side
  double worst_share = 0;     // the largest difference as a share of its bound, also of sides that agree
  std::string right_case;     // the right side's program as text if it is another program (variants)

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
