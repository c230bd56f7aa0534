// Powers and remainders.
#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/pointwise.h"

namespace reference {

namespace {

// Repeated multiplication; for a negative exponent the truncated reciprocal.
int64_t power_of(int64_t base, int64_t exponent) {
  if (exponent < 0) {
    if (base == 1) return 1;
    return base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
  }
  int64_t power = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) power = product_of(power, base);
    base = product_of(base, base);
  }
  return power;
}
template <Real W>
W power_of(W base, W exponent) {
  return wide::pow(base, exponent);
}
template <class W>
Complex<W> power_of(Complex<W> base, Complex<W> exponent) {
  if (exponent == Complex<W>{}) return {W{1}, W{0}};
  if (base == Complex<W>{} && exponent.im == 0 && exponent.re > 0) return {};
  const Complex<W> log{wide::log(wide::hypot(base.re, base.im)), wide::atan2(base.im, base.re)};
  const Complex<W> power = exponent * log;
  const W size = wide::exp(power.re);
  return {size * wide::cos(power.im), size * wide::sin(power.im)};
}

// Beyond this many turns, the rounding error of the angle exceeds a whole turn.
template <class W>
bool winds(Complex<W> base, Complex<W> exponent) {
  constexpr double turns = 256;
  const double size = magnitude_of(base);
  return !(magnitude_of(exponent) * (4 + std::fabs(std::log(size))) < turns) && size != 0;
}

template <class W>
void power(Call<W>& call, bool number) {
  const DType common = common_dtype(call, {0, 1});
  Takes{.bools = false}.check(common);
  if (number && engine::is_integral(common) && call.integer(1) < 0)
    throw Raises{"an integer to a negative power"};
  const std::vector<Array<W>> operands{operand(call, 0, common), operand(call, 1, common)};
  Result<W>& made = call.give(blank<W>(common, broadcast_all(operands)));
  with_elements<W>(common, [&]<class T>() {
    for_each_element<T, 2>(operands, made.values.sizes, [&](size_t i, T base, T exponent) {
      made.values.set(i, power_of(base, exponent));
      if constexpr (is_complex_type<T>) made.note_step(i, magnitude_of(base));
      if constexpr (is_complex_type<T>)
        if (!is_finite(base) || !is_finite(exponent) || winds(base, exponent)) made.leave_open(i);
    });
  });
}

// The result has the sign of the divisor.
int64_t remainder_of(int64_t a, int64_t b) {
  if (b == 0) throw Raises{"integer division by zero"};
  const int64_t left = b == -1 ? 0 : a % b;
  return left != 0 && (left < 0) != (b < 0) ? left + b : left;
}
template <Real W>
W remainder_of(W a, W b) {
  const W left = wide::fmod(a, b);
  return left != 0 && (left < 0) != (b < 0) ? left + b : left;
}

template <class W>
void remainder(Call<W>& call) {
  const DType common = common_dtype(call, {0, 1});
  Takes{.bools = false, .complex = false}.check(common);
  const std::vector<Array<W>> operands{operand(call, 0, common), operand(call, 1, common)};
  pointwise<2>(call, operands, common, common, []<Ordered T>(T a, T b) { return remainder_of(a, b); });
}

}  // namespace

void add_powers(References& to) {
  to.add({"aten::pow.Tensor_Scalar", "aten::pow_.Scalar", "aten::pow.Tensor_Scalar_out"},
         [](auto& call) { power(call, true); });
  to.add({"aten::pow.Tensor_Tensor", "aten::pow_.Tensor", "aten::pow.Tensor_Tensor_out"},
         [](auto& call) { power(call, false); });
  for (const char* form : {"aten::remainder.Scalar", "aten::remainder_.Scalar", "aten::remainder.Scalar_out",
                           "aten::remainder.Tensor", "aten::remainder_.Tensor", "aten::remainder.Tensor_out"})
    to.add(form, [](auto& call) { remainder(call); });
}

}  // namespace reference
