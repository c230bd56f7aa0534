#include "engine/fuser/c_functors.h"

#include <algorithm>
#include <array>

#include "engine/kernels/functors/arithmetic.h"
#include "engine/kernels/functors/comparison.h"
#include "engine/kernels/functors/elementary.h"
#include "engine/kernels/functors/exact.h"
#include "engine/kernels/functors/ternary.h"

namespace engine::fuser {

namespace {

namespace of = functors;

constexpr const char* none = nullptr;
constexpr const char* larger = "return a < b ? b : a;";
constexpr const char* smaller = "return b < a ? b : a;";
constexpr const char* larger_or_nan = "return a != a ? a : b != b || a < b ? b : a;";
constexpr const char* smaller_or_nan = "return a != a ? a : b != b || b < a ? b : a;";

template <class F>
CFunctor both(std::string_view name, const char* integers, const char* reals) {
  return {functor_tag<F>(), name, integers, reals};
}
template <class F>
CFunctor same(std::string_view name, const char* body) {
  return both<F>(name, body, body);
}
template <class F>
CFunctor real(std::string_view name, const char* body) {
  return both<F>(name, none, body);
}
template <class F>
CFunctor integer(std::string_view name, const char* body) {
  return both<F>(name, body, none);
}

const std::array rows{
    same<of::Add>("add", "return a + c * b;"),
    same<of::Sub>("sub", "return a - c * b;"),
    same<of::Mul>("mul", "return a * b;"),
    real<of::Div>("div", "return a / b;"),
    both<of::Maximum>("maximum", larger, larger_or_nan),
    both<of::Minimum>("minimum", smaller, smaller_or_nan),
    real<of::Atan2>("atan2", "return m_atan2#(a, b);"),
    integer<of::BitwiseAnd>("bitwise_and", "return a & b;"),
    integer<of::BitwiseOr>("bitwise_or", "return a | b;"),
    integer<of::BitwiseXor>("bitwise_xor", "return a ^ b;"),
    both<of::Power>("power",
                    "if (b < 0) return a != 1 && a != -1 ? 0 : a == 1 || b % 2 == 0 ? 1 : -1; T p = 1; "
                    "for (; b != 0; b >>= 1) { if (b & 1) p *= a; a *= a; } return p;",
                    "return m_pow#(a, b);"),
    both<of::Remainder>("remainder",
                        "T r = b == -1 ? 0 : a % b; return r != 0 && (r < 0) != (b < 0) ? r + b : r;",
                        "T r = fmod#(a, b); return r != 0 && (r < 0) != (b < 0) ? r + b : r;"),
    same<of::Eq>("eq", "return a == b;"),
    same<of::Ne>("ne", "return !(a == b);"),
    same<of::Lt>("lt", "return a < b;"),
    same<of::Le>("le", "return a <= b;"),
    same<of::Gt>("gt", "return a > b;"),
    same<of::Ge>("ge", "return a >= b;"),
    same<of::LogicalAnd>("logical_and", "return a != 0 && b != 0;"),
    same<of::LogicalOr>("logical_or", "return a != 0 || b != 0;"),
    same<of::LogicalXor>("logical_xor", "return (a != 0) != (b != 0);"),
    same<of::Where>("where", "return a != 0 ? b : c;"),
    both<of::ClampBoth>("clamp_both", "T m = a < b ? b : a; return c < m ? c : m;",
                        "T m = a != a ? a : b != b || a < b ? b : a; "
                        "return m != m ? m : c != c || c < m ? c : m;"),
    both<of::ClampBelow>("clamp_below", larger, larger_or_nan),
    both<of::ClampAbove>("clamp_above", smaller, smaller_or_nan),
    same<of::AddProduct>("add_product", "return a + d * b * c;"),
    real<of::AddQuotient>("add_quotient", "return a + d * b / c;"),
    real<of::Lerp>("lerp", "T s = b - a; return c < (T)0.5 ? a + c * s : b - s * ((T)1 - c);"),
    real<of::Exp>("exp", "return m_exp#(a);"),
    real<of::Expm1>("expm1", "return m_expm1#(a);"),
    real<of::Log>("log", "return m_log#(a);"),
    real<of::Log1p>("log1p", "return m_log1p#(a);"),
    real<of::Sqrt>("sqrt", "return sqrt#(a);"),
    real<of::Rsqrt>("rsqrt", "return (T)1 / sqrt#(a);"),
    real<of::Reciprocal>("reciprocal", "return (T)1 / a;"),
    real<of::Sin>("sin", "return m_sin#(a);"),
    real<of::Cos>("cos", "return m_cos#(a);"),
    real<of::Atan>("atan", "return m_atan#(a);"),
    real<of::Tanh>("tanh", "return m_tanh#(a);"),
    real<of::Sigmoid>("sigmoid", "T s = m_exp#(-fabs#(a)); return (a < 0 ? s : (T)1) / ((T)1 + s);"),
    real<of::Erf>("erf", "return m_erf#(a);"),
    same<of::Identity>("identity", "return a;"),
    same<of::Neg>("neg", "return -a;"),
    both<of::Abs>("abs", "return a < 0 ? -a : a;", "return fabs#(a);"),
    same<of::Sgn>("sgn", "return (T)((0 < a) - (a < 0));"),
    both<of::Relu>("relu", "return a < 0 ? 0 : a;", "return a != a ? a : a < 0 ? 0 : a;"),
    both<of::Floor>("floor", "return a;", "return floor#(a);"),
    both<of::Ceil>("ceil", "return a;", "return ceil#(a);"),
    both<of::Trunc>("trunc", "return a;", "return trunc#(a);"),
    same<of::LogicalNot>("logical_not", "return a == 0;"),
    integer<of::BitwiseNot>("bitwise_not", "return ~a;"),
    integer<of::BitwiseNotOfBool>("bitwise_not_of_bool", "return a == 0;"),
    both<of::IsNan>("is_nan", "return 0;", "return a != a;"),
};

}  // namespace

const CFunctor* c_functor(const void* functor) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const CFunctor& row) { return row.functor == functor; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace engine::fuser
