// ShapeEnv: the symbols of symbolic sizes, and what is known about them. A symbol is a size of an input (with
// its number in the case at hand, the hint), or a number that depends on elements (unbacked). Promises: a
// comparison that the ranges of the symbols decide leaves no trace; any other is decided by the hints, and
// recorded as a guard: the results hold for exactly those sizes for which the guards do; a guard that says
// that a symbol equals an expression replaces it in all later ones. Refuses, by NeedsNumber, a comparison
// that depends on an unbacked symbol. Symbols must not outlive their environment.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/tensor.h"
#include "engine/fake/shapes/guards.h"
#include "engine/fake/shapes/polynomial.h"

namespace engine::fake {

// A comparison depends on a number that elements decide.
class NeedsNumber : public Error {
 public:
  explicit NeedsNumber(const std::string& comparison);
};

struct ShapePolicy {
  bool duck = true;         // equal sizes of inputs are one symbol
  bool specializes = true;  // sizes 0 and 1 are numbers
};

class ShapeEnv {
 public:
  explicit ShapeEnv(ShapePolicy policy = {}) : policy_(policy) {}
  ShapeEnv(const ShapeEnv&) = delete;
  ShapeEnv& operator=(const ShapeEnv&) = delete;

  // The next input of the program: its sizes are symbols by the policy; strides are expressions of them if it
  // is dense, else numbers, as is the offset.
  struct Input {
    SymDims sizes, strides;
    SymInt offset;
  };
  Input add_input(const Tensor& tensor);
  size_t input_count() const { return inputs_.size(); }
  // Not known before elements are; between the two, both included.
  SymInt unbacked(int64_t low, int64_t high, bool boolean = false);

  const std::vector<Guard>& guards() const { return guards_; }
  // One line each: "s0*s1 == 12".
  std::vector<std::string> guard_texts() const;
  // The guards in a form that is quick to check.
  GuardSet guard_set() const;

  // Unbacked symbols of earlier epochs are not given again for the same tensor.
  uint32_t epoch() const { return epoch_; }
  void advance_epoch() { ++epoch_; }

  // Whether the number is known only when elements are.
  bool depends_on_elements(const SymInt& number) const { return has_unbacked(polynomial_of(number)); }

  // The value of an expression of this environment for the sizes of other inputs, of which the guards hold.
  int64_t value_for(const SymInt& expression, std::span<const Tensor> inputs) const;

  SymInt combined(SymOp op, const SymInt& a, const SymInt& b);
  bool tested(SymTest test, const SymInt& a, const SymInt& b);
  int64_t specialized(const Polynomial& expression);
  int64_t hint_of(const Polynomial& expression) const;
  std::string text_of(const Polynomial& expression) const;
  Polynomial simplified(const Polynomial& expression) const;

 private:
  struct Range {
    int64_t low, high;
  };

  SymInt symbol_for(int64_t hint);
  SymInt expression(const Polynomial& polynomial);
  Polynomial polynomial_of(const SymInt& number) const;
  Atom function(SymOp op, Polynomial a, Polynomial b);
  Polynomial computed_by(SymOp op, const Polynomial& a, const Polynomial& b);
  Range range_of(const Polynomial& expression) const;
  Range range_of(const AtomRow& atom) const;
  bool has_unbacked(const Polynomial& expression) const;
  Polynomial without_positive_factors(const Polynomial& expression) const;
  bool decided(GuardKind kind, const Polynomial& given);
  void learn(const Polynomial& zero);
  void narrow(const Polynomial& difference, GuardKind kind);

  ShapePolicy policy_;
  std::vector<AtomRow> atoms_;
  std::map<int64_t, Atom> ducks_;            // by hint
  std::map<Atom, Polynomial> replacements_;  // of symbols
  std::vector<Guard> guards_;
  std::vector<InputRow> inputs_;
  uint32_t epoch_ = 0;
};

}  // namespace engine::fake
