// Operators of two and three operands: arithmetic, selection, bitwise. Sums also report the magnitude of
// their terms, from which the oracle derives a bound.
#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/pointwise.h"

namespace reference {

namespace {

using engine::Scalar;

constexpr double complex_product = 3, complex_quotient = 7;  // roundings, each relative to the modulus

template <class T>
double roundings_of(double of_real, double of_complex) {
  return is_complex_type<T> ? of_complex : of_real;
}

// A factor of a sum (alpha, value, beta). Which numbers are allowed depends on the dtype of the result.
void check_factor(const Scalar& factor, DType common) {
  if (factor.kind() == Scalar::Kind::boolean && common != DType::b8)
    throw Raises{"the factor is a bool and the result is not"};
  if (engine::is_integral(common) && !factor.is_integral())
    throw Raises{"the factor is real and the result is an integer"};
  if (!engine::is_complex(common) && factor.is_complex())
    throw Raises{"the factor is complex and the result is not"};
}

bool is_unit(const Scalar& factor) {
  const std::complex<double> value = factor.to_complex();
  return value == 1.0 || value == -1.0;
}

template <class W>
bool is_bool(const Call<W>& call, size_t i) {
  return call.is_array(i) ? call.array(i).dtype == DType::b8
                          : call.arguments[i].number.kind() == Scalar::Kind::boolean;
}

// first + sign * alpha * second
template <class W>
void add_scaled(Call<W>& call, size_t first, size_t second, int64_t sign) {
  const DType common = common_dtype(call, {0, 1});
  if (sign < 0 && (is_bool(call, 0) || is_bool(call, 1)))
    throw Raises{"subtraction is not defined for bools"};
  const Scalar alpha = call.arguments[2].number;
  check_factor(alpha, common);
  const std::vector<Array<W>> operands{operand(call, first, common), operand(call, second, common),
                                       array_of<W>(alpha, computed_in(common))};
  Result<W>& made = call.give(blank<W>(common, broadcast_all(operands)));
  made.magnitudes.resize(made.values.count());
  with_elements<W>(common, [&]<class T>() {
    made.roundings = is_unit(alpha) ? 0 : roundings_of<T>(1, complex_product);
    for_each_element<T, 3>(operands, made.values.sizes, [&](size_t i, T a, T b, T factor) {
      const T scaled = product_of(factor, b);
      made.values.set(i, sign < 0 ? difference_of(a, scaled) : sum_of(a, scaled));
      made.magnitudes[i] = magnitude_of(scaled);
      if (is_complex_type<T> && !(is_finite(a) && is_finite(b))) made.leave_open(i);
    });
  });
}

template <class W, class F>
Result<W>& of_two(Call<W>& call, DType common, F f) {
  return pointwise<2>(call, {operand(call, 0, common), operand(call, 1, common)}, common, common, f);
}

template <class F>
void binary(References& to, std::initializer_list<std::string_view> names, Takes takes, F f) {
  to.add(names, [=]<class W>(Call<W>& call) {
    const DType common = common_dtype(call, {0, 1});
    takes.check(common);
    of_two(call, common, f);
  });
}

constexpr auto product_of_two = [](auto a, auto b) { return product_of(a, b); };
constexpr auto quotient_of_two = []<Floating T>(T a, T b) { return a / b; };

// In f64 a complex quotient has intermediate values as large as its operands and as the divisor's inverse.
template <class W>
void divide(Call<W>& call) {
  const DType common = floating(common_dtype(call, {0, 1}));
  Result<W>& made = of_two(call, common, quotient_of_two);
  if (common != DType::c128) return;
  const std::vector<Array<W>> operands{operand(call, 0, common), operand(call, 1, common)};
  for_each_element<Complex<W>, 2>(operands, made.values.sizes, [&](size_t i, Complex<W> a, Complex<W> b) {
    made.note_step(i, std::max(2 * magnitude_of(a), 1 / magnitude_of(b)));
  });
}

// If either side is NaN, the result is NaN.
template <bool larger>
struct Choice {
  template <Ordered T>
  T operator()(T a, T b) const {
    if (is_nan(a) || is_nan(b)) return is_nan(a) ? a : b;
    return (larger ? a < b : b < a) ? b : a;
  }
};

template <bool larger>
void choice(References& to, const std::string& name) {
  to.add({"aten::" + name, "aten::" + name + ".out"}, []<class W>(Call<W>& call) {
    const DType common = common_dtype(call, {0, 1});
    Takes{.complex = false}.check(common);
    of_two(call, common, Choice<larger>{}).zero_signs = false;
  });
}

void add_sums(References& to) {
  to.add({"aten::add.Tensor", "aten::add_.Tensor", "aten::add.out", "aten::add.Scalar", "aten::add_.Scalar"},
         [](auto& call) { add_scaled(call, 0, 1, 1); });
  to.add({"aten::sub.Tensor", "aten::sub_.Tensor", "aten::sub.out", "aten::sub.Scalar", "aten::sub_.Scalar"},
         [](auto& call) { add_scaled(call, 0, 1, -1); });
  to.add({"aten::rsub.Tensor", "aten::rsub.Scalar"}, [](auto& call) { add_scaled(call, 1, 0, -1); });
}

void add_products(References& to) {
  binary(to,
         {"aten::mul.Tensor", "aten::mul_.Tensor", "aten::mul.out", "aten::mul.Scalar", "aten::mul_.Scalar"},
         {}, product_of_two);
  to.add({"aten::div.Tensor", "aten::div_.Tensor", "aten::div.out", "aten::div.Scalar", "aten::div_.Scalar"},
         [](auto& call) { divide(call); });
  to.add({"aten::atan2", "aten::atan2_", "aten::atan2.out"}, [](auto& call) {
    const DType common = floating(common_dtype(call, {0, 1}));
    of_two(call, common, []<Real W>(W y, W x) { return wide::atan2(y, x); });
  });
}

void add_bits(References& to) {
  constexpr Takes bits{.reals = false, .complex = false};
  const auto forms = [&](const std::string& name, auto f) {
    const std::string plain = "aten::" + name;
    binary(to, {plain + ".Tensor", plain + "_.Tensor", plain + ".Tensor_out"}, bits, f);
  };
  forms("bitwise_and", [](int64_t a, int64_t b) { return a & b; });
  forms("bitwise_or", [](int64_t a, int64_t b) { return a | b; });
  forms("bitwise_xor", [](int64_t a, int64_t b) { return a ^ b; });
}

// --- three operands
// self + value * (a op b). The product or quotient is rounded once, and once more by the factor unless that
// is 1 or -1. A kernel may multiply by the factor first.
template <class W, class Combine>
void add_combined(Call<W>& call, double complex_roundings, Combine combine) {
  const DType common = common_dtype(call, {0, 1, 2});
  const Scalar value = call.arguments[3].number;
  check_factor(value.kind() == Scalar::Kind::boolean ? Scalar(value.to_integer()) : value, common);
  const std::vector<Array<W>> operands{operand(call, 0, common), operand(call, 1, common),
                                       operand(call, 2, common), array_of<W>(value, computed_in(common))};
  Result<W>& made = call.give(blank<W>(common, broadcast_all(operands)));
  made.magnitudes.resize(made.values.count());
  with_elements<W>(common, [&]<class T>() {
    made.roundings =
        roundings_of<T>(1, complex_roundings) + (is_unit(value) ? 0 : roundings_of<T>(1, complex_product));
    for_each_element<T, 4>(operands, made.values.sizes, [&](size_t i, T x, T a, T b, T factor) {
      const T step = combine(a, b), added = product_of(factor, step);
      made.values.set(i, sum_of(x, added));
      made.magnitudes[i] = magnitude_of(added);
      made.note_step(i, std::max(magnitude_of(step), magnitude_of(product_of(factor, a))));
      if (is_complex_type<T> && !(is_finite(x) && is_finite(a) && is_finite(b))) made.leave_open(i);
    });
  });
}

template <class T>
bool starts_near(T weight) {
  if constexpr (is_complex_type<T>)
    return magnitude_of(weight) < 0.5;
  else
    return weight < T{0.5};
}

// start + weight * (end - start), computed from the nearer end: if the span is much larger than an end,
// adding to the other end would lose that end completely.
template <class W>
void interpolate(Call<W>& call) {
  const DType dtype = call.array(0).dtype;
  if (call.array(1).dtype != dtype || call.array(2).dtype != dtype)
    throw Raises{"the operands have different dtypes"};
  if (engine::is_integral(dtype)) throw Raises{"not defined for integers"};
  const std::vector<Array<W>> operands{call.array(0), call.array(1), call.array(2)};
  Result<W>& made = call.give(blank<W>(dtype, broadcast_all(operands)));
  made.magnitudes.resize(made.values.count());
  with_elements<W>(dtype, [&]<class T>() {
    if constexpr (Floating<T>) {
      made.roundings = roundings_of<T>(3, 2 + complex_product);
      for_each_element<T, 3>(operands, made.values.sizes, [&](size_t i, T start, T end, T weight) {
        const T span = end - start;
        const bool near_start = starts_near(weight);
        const T rest = whole<T>(1) - weight;
        made.values.set(i, near_start ? start + weight * span : end - rest * span);
        made.magnitudes[i] = magnitude_of(span * (near_start ? weight : rest));
        made.note_step(i, magnitude_of(span));
        // Computed from the other end, infinities may cancel differently.
        if (!(is_finite(start) && is_finite(end) && is_finite(weight))) made.leave_open(i);
      });
    }
  });
}

}  // namespace

void add_binary(References& to) {
  add_sums(to);
  add_products(to);
  choice<true>(to, "maximum");
  choice<false>(to, "minimum");
  add_bits(to);
  to.add({"aten::addcmul", "aten::addcmul_", "aten::addcmul.out"}, [](auto& call) {
    if (common_dtype(call, {0, 1, 2}) == DType::b8) throw Raises{"not defined for bools"};
    add_combined(call, complex_product, product_of_two);
  });
  to.add({"aten::addcdiv", "aten::addcdiv_", "aten::addcdiv.out"}, []<class W>(Call<W>& call) {
    if (engine::is_integral(common_dtype(call, {0, 1, 2})))
      throw Raises{"the quotient is not defined for integers"};
    add_combined(call, complex_quotient, []<class T>(T a, T b) {
      if constexpr (Floating<T>)
        return a / b;
      else
        return a;  // rejected above
    });
  });
  to.add({"aten::lerp.Tensor", "aten::lerp_.Tensor", "aten::lerp.Tensor_out"},
         [](auto& call) { interpolate(call); });
}

}  // namespace reference
