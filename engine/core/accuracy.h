// Accuracy: how far a result of an operator may be from the exact value, by tier (design, section 4). Whoever
// defines an operator declares it once; every oracle makes its bounds from it.
// Promises: it says nothing of the tensors of a call; a bound comes from these and the accuracy.
#pragma once

#include <cstdint>
#include <string_view>

namespace engine {

enum class Tier : uint8_t {
  none,
  t0,  // bit for bit: views, copies, indexing, comparisons
  t1,  // correctly rounded operations
  t2,  // elementary functions
  t3,  // sums and products of many terms
  t4   // values cannot be compared: ill-conditioned, uninitialised, or one of several right answers
};

struct Accuracy {
  Tier tier = Tier::t0;
  double ulps = 0;                // of t1, t2, and of t3 beside its sum: units in the last place
  std::string_view reason = {};   // one line, shown beside a bound; outlives the accuracy
  double complex_ulps = 0;        // of complex results, of their larger part; 0: as real ones
  double terms = 0;               // t3: how many are summed; 0: as many as the largest operand has elements
  bool wide_accumulator = false;  // t3: sums are made in f64, whatever the dtype
  bool halves_in_f32 = true;      // half types are computed in f32, where the units count, and rounded once
};

namespace accuracy {

inline constexpr Accuracy exact{Tier::t0, 0, "moves or chooses values, computes none"};
inline constexpr Accuracy rounded{Tier::t1, 0.5, "one correctly rounded operation"};
// The same of real numbers; of complex ones a few units by the textbook's formula.
constexpr Accuracy rounded_parts(double complex_ulps) {
  return {Tier::t1, 0.5, "correctly rounded; complex numbers by the textbook", complex_ulps};
}
constexpr Accuracy elementary(double ulps, std::string_view reason, double complex_ulps = 0) {
  return {Tier::t2, ulps, reason, complex_ulps};
}
inline constexpr Accuracy sums{Tier::t3, 0.5, "sums in f64, rounded once", 0, 0, true};
// Sums of so many products; 0: as many as the largest operand has elements.
constexpr Accuracy products(double terms = 0) {
  return {Tier::t3, 0.5, "sums of products, in the type computed in", 0, terms};
}
inline constexpr Accuracy unspecified{Tier::t4, 0, "elements are whatever memory held"};
// Of an operator that is defined without an accuracy.
inline constexpr Accuracy undeclared{Tier::t1, 0.5, "no accuracy declared: correctly rounded"};

}  // namespace accuracy

}  // namespace engine
