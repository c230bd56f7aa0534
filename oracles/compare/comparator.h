// Comparator: two outcomes, value by value and call by call, under a Comparison's rules. Knows no subject.
// The pattern of NaN and infinity is compared before values; the first difference in call order wins, and a
// call that does not return on either side ends the comparison. A difference inside a tolerance ends it, too:
// what follows had different inputs.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "oracles/compare/divergence.h"
#include "oracles/compare/tolerance.h"
#include "oracles/outcome.h"

namespace oracles {

struct Comparison {
  bool values = true;
  bool sizes = true;
  bool strides = true;          // those of dimensions of size 1 and of empty tensors never count
  bool fresh_strides = true;    // with `strides`: also those of results in fresh memory
  bool resized_strides = true;  // with `strides`: also those of an input that a call resized
  bool offset = true;
  bool dtype = true;
  bool device = true;
  bool bits = false;            // conj and neg flags of results
  bool alias = true;            // which storage a result shares; of an empty result nobody can tell
  bool identity = true;         // result is the very input tensor
  bool version = false;         // version counter deltas
  bool changes = true;          // what happened to the inputs
  bool refused_changes = true;  // with `changes`: also where both raise, those that only the right side made
  bool signed_zero = true;      // -0.0 and 0.0 differ
  bool zeros_are_positive = false;  // those of a ZeroTensor without lazy bits; else they have no sign
  bool sign_of_nan = false;
  Tolerance tolerance;               // T0 unless told otherwise
  int32_t first_fresh_storage = -1;  // storages of the case: results in lower ones share an input's memory

  // An input as the run began, the same on both sides: decides about a change that one side only reports.
  // Without it such a change is a difference.
  std::function<TensorSnapshot(int32_t input)> before;
};

struct Compared {
  Judgement judgement =
      Judgement::agree;                  // agree, both_raised, differ, gap, over_budget, memory, incomparable
  std::optional<Divergence> divergence;  // with differ and memory; `op` is left to the caller
  std::string why;                       // with gap, over_budget, incomparable
  int call = 0;                          // where the comparison ended
  engine::DType dtype = engine::DType::f32;  // with differ: of the tensor that differs
  int result = -1;                           // with differ: which result, or -1 for anything else
  double worst_share = 0;                    // largest difference over bound
};

Compared compare(const Outcome& left, const Outcome& right, const Comparison& rules);

// The n-th element in row-major order.
engine::Dims index_of(const engine::Dims& sizes, int64_t element);

}  // namespace oracles
