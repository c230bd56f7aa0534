// Accuracy: how far a result of an operator may be from the exact value, by tier. The definition of an
// operator declares it once, and every oracle computes its bounds from it and from the tensors of the call.
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
  double ulps = 0;                // units in the last place; of t3: in addition to the bound of the sum
  std::string_view reason = {};   // one line, shown with a bound; must outlive the accuracy
  double complex_ulps = 0;        // of complex results: units of the larger part; 0: each part has `ulps`
  double terms = 0;               // t3: the number of summed terms; 0: the elements of the largest operand
  bool wide_accumulator = false;  // t3: sums are computed in f64, whatever the dtype
  bool halves_in_f32 = true;      // half types: computed in f32 with these units, then rounded once
};

namespace accuracy {

inline constexpr Accuracy exact{Tier::t0, 0, "moves or selects values, computes none"};
inline constexpr Accuracy rounded{Tier::t1, 0.5, "one correctly rounded operation"};
// The same for real numbers; a few units for complex numbers, which are computed by the textbook formula.
constexpr Accuracy rounded_parts(double complex_ulps) {
  return {Tier::t1, 0.5, "correctly rounded; complex numbers by the textbook", complex_ulps};
}
constexpr Accuracy elementary(double ulps, std::string_view reason, double complex_ulps = 0) {
  return {Tier::t2, ulps, reason, complex_ulps};
}
inline constexpr Accuracy sums{Tier::t3, 0.5, "sums in f64, rounded once", 0, 0, true};
// Sums of `terms` products; 0: as many as the largest operand has elements.
constexpr Accuracy products(double terms = 0) {
  return {Tier::t3, 0.5, "sums of products, in the type computed in", 0, terms};
}
inline constexpr Accuracy unspecified{Tier::t4, 0, "elements are whatever memory held"};
// The accuracy of an operator that declares none.
inline constexpr Accuracy undeclared{Tier::t1, 0.5, "no accuracy declared: correctly rounded"};

}  // namespace accuracy

}  // namespace engine
