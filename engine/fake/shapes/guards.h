// Guards: what must hold for the sizes of a program's inputs, so that results that were derived for some
// sizes hold for others. GuardSet: the guards compiled into flat arrays. Promises: a check allocates nothing,
// and reads each size once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/sym_int.h"
#include "engine/core/tensor.h"
#include "engine/fake/shapes/polynomial.h"

namespace engine::fake {

enum class GuardKind : uint8_t {
  equal,
  unequal,
  positive,
  not_positive
};  // of an expression, compared with 0

struct Guard {
  Polynomial expression;
  GuardKind kind = GuardKind::equal;
  bool operator==(const Guard&) const = default;
};

// A symbol, or a function of two expressions.
struct AtomRow {
  std::string name = {};  // of a symbol
  int64_t hint = 0;
  int64_t low = 0, high = 0;  // of a symbol
  bool unbacked = false;
  bool boolean = false;
  bool is_function = false;
  SymOp op = SymOp::div;
  Polynomial a = {}, b = {};
};

// What the sizes, strides and offset of one input must be.
struct InputRow {
  DType dtype = DType::f32;
  std::vector<Polynomial> sizes, strides;
  int64_t offset = 0;
};

class GuardSet {
 public:
  GuardSet(std::span<const AtomRow> atoms, std::span<const Guard> guards, std::span<const InputRow> inputs);

  // Whether the inputs have the ranks, and their sizes are as required.
  bool hold_for(std::span<const Tensor> inputs) const;
  // The same for the values of all atoms.
  bool hold(std::span<const int64_t> atoms) const;
  // Sets the values of all atoms; false if an input has another rank or dtype, or sizes that are not as its
  // symbols say.
  bool bind(std::span<const Tensor> inputs, std::span<int64_t> atoms) const;

  size_t size() const { return guards_.size(); }
  size_t atom_count() const { return atom_count_; }
  int64_t value(const Polynomial& expression, std::span<const int64_t> atoms) const;

 private:
  struct Part {  // a term: factor times the atoms from `first` on
    int64_t factor;
    uint32_t first, count;
  };
  struct Flat {
    uint32_t first, count;  // terms
  };
  struct Function {
    Atom atom;
    SymOp op;
    Flat a, b;
  };
  struct Check {
    Flat expression;
    GuardKind kind;
  };
  struct Limit {
    Atom atom;
    int64_t low, high;
  };
  struct Source {
    uint32_t input, dim;
    Atom atom;
  };
  struct Demand {  // a size (or a stride) is an expression
    uint32_t input, dim;
    bool stride;
    Flat expression;
  };
  struct Shape {
    size_t rank;
    DType dtype;
    int64_t offset;
  };

  Flat flat(const Polynomial& expression);
  int64_t value(Flat expression, std::span<const int64_t> atoms) const;
  bool compute_functions(std::span<int64_t> atoms) const;  // false: a division by zero
  static bool satisfied(GuardKind kind, int64_t value);

  size_t atom_count_;
  std::vector<Part> terms_;
  std::vector<Atom> factors_;
  std::vector<Function> functions_;
  std::vector<Check> guards_;
  std::vector<Limit> limits_;
  std::vector<Source> sources_;
  std::vector<Demand> demands_;
  std::vector<Shape> shapes_;
};

}  // namespace engine::fake
