// Comparator: compares two outcomes call by call under a Comparison's rules, without a subject. It reports
// the first difference in call order, and compares the pattern of NaN and infinity before values. It ends at
// the first call that does not return on one side, and after a difference within a tolerance, because later
// calls have different inputs.
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
  bool requires_grad = false;   // whether results require gradients
  bool alias = true;            // which storage a result shares, unless the result is empty
  bool identity = true;         // whether a result is an input tensor itself
  bool version = false;         // whether a version counter changed
  bool changes = true;          // what the calls changed in the inputs
  bool raising_changes = true;  // with `changes`: if both raise, changes that only the right side made
  bool signed_zero = true;      // -0.0 and 0.0 differ
  bool zeros_are_positive =
      false;  // zeros of a ZeroTensor without lazy bits are +0; if false they have no sign
  bool sign_of_nan = false;
  Tolerance tolerance;
  int32_t first_fresh_storage = -1;  // results in storages below this one share an input's memory

  // An input at the start of the run, the same for both sides. A change that only one side reports is
  // compared with it. Without this function such a change is always a difference.
  std::function<TensorSnapshot(int32_t input)> before;
};

struct Compared {
  Judgement judgement = Judgement::agree;    // or both_raised, differ, gap, over_budget, memory
  std::optional<Divergence> divergence;      // of differ and memory, without `op`
  std::string why;                           // of gap, over_budget
  int call = 0;                              // the last call that was compared
  engine::DType dtype = engine::DType::f32;  // of differ: of the tensor that differs
  int result = -1;                           // of differ: the index of the result; -1: not a result
  double worst_share = 0;                    // the largest difference as a share of its bound
};

Compared compare(const Outcome& left, const Outcome& right, const Comparison& rules);

// The index of the n-th element in row-major order.
engine::Dims index_of(const engine::Dims& sizes, int64_t element);

}  // namespace oracles
