// Polynomial: an integer expression in canonical form: a sum of products of atoms with integer coefficients.
// An atom is a number that the owner (ShapeEnv) gives to a symbol, or to a function that is not a polynomial,
// such as a rounded quotient. Promises: equal polynomials have equal terms; a product or a sum whose
// coefficients do not fit is refused by Error.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/small_vector.h"

namespace engine::fake {

using Atom = uint32_t;

// A product of atoms, sorted; an atom to the power of two is there twice. Empty: the number 1.
using Product = SmallVector<Atom, 4>;

struct Term {
  Product product;
  int64_t factor = 0;  // never 0 in a polynomial
  bool operator==(const Term& other) const { return factor == other.factor && product == other.product; }
};

class Polynomial {
 public:
  Polynomial() = default;  // 0
  explicit Polynomial(int64_t number);
  static Polynomial of(Atom atom);

  const std::vector<Term>& terms() const { return terms_; }  // sorted, the highest product first
  std::optional<int64_t> number() const;                     // if there is no atom
  int64_t constant() const;                                  // the term without atoms
  bool has(Atom atom) const;
  bool operator==(const Polynomial&) const = default;

  Polynomial operator+(const Polynomial& other) const;
  Polynomial operator-(const Polynomial& other) const { return *this + other * Polynomial(-1); }
  Polynomial operator*(const Polynomial& other) const;
  // Nothing if the quotient is not a polynomial with integer coefficients. Refuses the divisor 0.
  std::optional<Polynomial> divided_by(const Polynomial& divisor) const;
  // The number of the same sign, divided by the greatest common divisor of all factors.
  Polynomial primitive() const;

 private:
  void add(Product product, int64_t factor);
  std::vector<Term> terms_;
};

}  // namespace engine::fake
