// The functions that references use, compared with MPFR at 200 bits. Quad functions must be correct to a few
// units of binary128, double functions to a few units of binary64; the oracle's bound allows a reference that
// much.
#include "oracles/reference/kernels/wide_math.h"

#include <gtest/gtest.h>
#include <mpfr.h>

namespace reference {
namespace {

class Exact {
 public:
  Exact() { mpfr_init2(value, 200); }
  ~Exact() { mpfr_clear(value); }
  Exact(const Exact&) = delete;
  Exact& operator=(const Exact&) = delete;
  mpfr_t value;
};

// As a sum of three doubles, which have enough bits for a binary128 unless they are denormal.
Quad to_quad(mpfr_t from) {
  Exact rest;
  mpfr_set(rest.value, from, MPFR_RNDN);
  Quad sum = 0;
  for (int i = 0; i < 4; ++i) {
    const double part = mpfr_get_d(rest.value, MPFR_RNDN);
    sum += static_cast<Quad>(part);
    mpfr_sub_d(rest.value, rest.value, part, MPFR_RNDN);
  }
  return sum;
}

using Function = int (*)(mpfr_t, const mpfr_t, mpfr_rnd_t);

template <class F>
void compare(const char* name, F function, Function exact, double low, double high) {
  constexpr int points = 400;
  for (int i = 0; i <= points; ++i) {
    const double x = low + (high - low) * i / points;
    Exact at, value;
    mpfr_set_d(at.value, x, MPFR_RNDN);
    exact(value.value, at.value, MPFR_RNDN);
    const Quad right = to_quad(value.value);
    const Quad size = wide::fabs(right) + 0x1p-1000;
    const Quad in_quad = wide::fabs(function(static_cast<Quad>(x)) - right) / size;
    const Quad in_double = wide::fabs(static_cast<Quad>(function(x)) - right) / size;
    EXPECT_LT(static_cast<double>(in_quad), 0x1p-110) << name << "(" << x << ")";
    EXPECT_LT(static_cast<double>(in_double), 0x1p-51) << name << "(" << x << ")";
  }
}

TEST(WideMath, AgreesWithMpfr) {
  compare("exp", [](auto x) { return wide::exp(x); }, mpfr_exp, -500, 700);
  compare("expm1", [](auto x) { return wide::expm1(x); }, mpfr_expm1, -3, 3);
  compare("log", [](auto x) { return wide::log(x); }, mpfr_log, 0x1p-20, 40);
  compare("log1p", [](auto x) { return wide::log1p(x); }, mpfr_log1p, -0.9, 3);
  compare("sqrt", [](auto x) { return wide::sqrt(x); }, mpfr_sqrt, 0, 1000);
  compare("sin", [](auto x) { return wide::sin(x); }, mpfr_sin, -100, 100);
  compare("cos", [](auto x) { return wide::cos(x); }, mpfr_cos, -100, 100);
  compare("atan", [](auto x) { return wide::atan(x); }, mpfr_atan, -40, 40);
  compare("sinh", [](auto x) { return wide::sinh(x); }, mpfr_sinh, -90, 90);
  compare("cosh", [](auto x) { return wide::cosh(x); }, mpfr_cosh, -90, 90);
  compare("tanh", [](auto x) { return wide::tanh(x); }, mpfr_tanh, -10, 10);
  compare("erf", [](auto x) { return wide::erf(x); }, mpfr_erf, -5, 5);
}

TEST(WideMath, IntegersWrap) {
  constexpr int64_t low = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(difference_of(int64_t{0}, low), low);
  EXPECT_EQ(sum_of(low, int64_t{-1}), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(product_of(low, int64_t{3}), low);
}

}  // namespace
}  // namespace reference
