// Unary operators: exact ones, and elementary functions, from their definitions.
#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/pointwise.h"

namespace reference {

namespace {

// Adds the in-place and out= forms as well.
void add_forms(References& references, const std::string& name, const Reference& reference) {
  references.add({"aten::" + name, "aten::" + name + "_", "aten::" + name + ".out"}, reference);
}

enum class Gives : uint8_t { same, component, truth };

// f returns the same dtype, the component of a complex dtype, or a bool.
template <class F>
void exact(References& references, const std::string& name, Takes takes, F f, Gives gives = Gives::same) {
  add_forms(references, name, [=]<class W>(Call<W>& call) {
    const DType dtype = call.array(0).dtype;
    takes.check(dtype);
    const DType given = gives == Gives::truth       ? DType::b8
                        : gives == Gives::component ? engine::component_of(dtype)
                                                    : dtype;
    pointwise<1>(call, {call.array(0)}, dtype, given, f);
  });
}

// step(x) is the largest intermediate value.
template <class F>
concept HasSteps = requires(const F& f, Complex<double> x) { f.step(x); };

// Integers are converted to f32.
template <class F>
void analytic(References& references, const std::string& name, Takes takes, F f) {
  add_forms(references, name, [=]<class W>(Call<W>& call) {
    const DType dtype = floating(call.array(0).dtype);
    takes.check(dtype);
    const Array<W> operand = cast(call.array(0), dtype, call.rounds);
    Result<W>& made = pointwise<1>(call, {operand}, dtype, dtype, f);
    // In f64, intermediate values of a complex function may overflow.
    if constexpr (HasSteps<F>)
      for (size_t i = 0; dtype == DType::c128 && i < operand.count(); ++i)
        made.note_step(i, f.step(operand.template at<Complex<W>>(i)));
  });
}

constexpr Takes numbers{.bools = false};
constexpr Takes real_numbers{.bools = false, .complex = false};
constexpr Takes reals{.complex = false};
constexpr Takes anything{};

struct Negated {
  template <class T>
  T operator()(T x) const {
    if constexpr (std::is_same_v<T, int64_t>)
      return difference_of(int64_t{0}, x);
    else
      return -x;
  }
};
struct Size {
  int64_t operator()(int64_t x) const { return x < 0 ? Negated{}(x) : x; }
  template <Real W>
  W operator()(W x) const {
    return wide::fabs(x);
  }
  template <Real W>
  W operator()(Complex<W> x) const {
    return wide::hypot(x.re, x.im);
  }
};
// The sign of NaN is 0, as in PyTorch.
struct Direction {
  template <Ordered T>
  T operator()(T x) const {
    return x > T{0} ? T{1} : x < T{0} ? T{-1} : T{0};
  }
  template <Real W>
  Complex<W> operator()(Complex<W> x) const {
    const W size = wide::hypot(x.re, x.im);
    return size == W{0} ? Complex<W>{} : Complex<W>{x.re / size, x.im / size};
  }
};

// Rounding to an integer; integers are unchanged.
template <class F>
struct WholeBy {
  F f;
  int64_t operator()(int64_t x) const { return x; }
  template <Real W>
  W operator()(W x) const {
    return f(x);
  }
};

struct Exp {
  template <Real W>
  W operator()(W x) const {
    return wide::exp(x);
  }
  template <Real W>
  Complex<W> operator()(Complex<W> x) const {
    const W size = wide::exp(x.re);
    return {size * wide::cos(x.im), size * wide::sin(x.im)};
  }
  template <Real W>
  double step(Complex<W> x) const {
    return static_cast<double>(wide::exp(x.re));
  }
};
struct Log {
  template <Real W>
  W operator()(W x) const {
    return wide::log(x);
  }
  template <Real W>
  Complex<W> operator()(Complex<W> x) const {
    return {wide::log(wide::hypot(x.re, x.im)), wide::atan2(x.im, x.re)};
  }
};
struct Root {
  template <Real W>
  W operator()(W x) const {
    return wide::sqrt(x);
  }
  // The branch with a non-negative real part; the part that needs no cancellation is computed first.
  template <Real W>
  Complex<W> operator()(Complex<W> x) const {
    const W size = wide::hypot(x.re, x.im);
    if (size == W{0}) return {W{0}, x.im};
    const W larger = wide::sqrt((size + wide::fabs(x.re)) / 2);
    const W smaller = wide::fabs(x.im) / (2 * larger);
    const bool right = x.re >= W{0};
    return {right ? larger : smaller, wide::copysign(right ? smaller : larger, x.im)};
  }
};
struct Inverse {
  template <Floating T>
  T operator()(T x) const {
    return whole<T>(1) / x;
  }
  template <Real W>
  double step(Complex<W> x) const {
    return std::max(2 * magnitude_of(x), 1 / magnitude_of(x));
  }
};
struct Sin {
  template <Real W>
  W operator()(W x) const {
    return wide::sin(x);
  }
  template <Real W>
  Complex<W> operator()(Complex<W> x) const {
    return {wide::sin(x.re) * wide::cosh(x.im), wide::cos(x.re) * wide::sinh(x.im)};
  }
  template <Real W>
  double step(Complex<W> x) const {
    return static_cast<double>(wide::cosh(x.im));
  }
};
struct Cos {
  template <Real W>
  W operator()(W x) const {
    return wide::cos(x);
  }
  template <Real W>
  Complex<W> operator()(Complex<W> x) const {
    return {wide::cos(x.re) * wide::cosh(x.im), -wide::sin(x.re) * wide::sinh(x.im)};
  }
  template <Real W>
  double step(Complex<W> x) const {
    return static_cast<double>(wide::cosh(x.im));
  }
};

void add_exact(References& to) {
  exact(to, "neg", numbers, Negated{});
  exact(to, "abs", numbers, Size{}, Gives::component);
  exact(to, "sgn", anything, Direction{});
  exact(to, "sign", reals, Direction{});
  exact(to, "relu", real_numbers, []<Ordered T>(T x) { return x < T{0} ? T{0} : x; });
  exact(to, "floor", real_numbers, WholeBy{[](auto x) { return wide::floor(x); }});
  exact(to, "ceil", real_numbers, WholeBy{[](auto x) { return wide::ceil(x); }});
  exact(to, "trunc", real_numbers, WholeBy{[](auto x) { return wide::trunc(x); }});
  exact(to, "logical_not", anything, []<class T>(T x) { return x == T{}; }, Gives::truth);
  exact(to, "isnan", anything, [](auto x) { return is_nan(x); }, Gives::truth);
  add_forms(to, "bitwise_not", []<class W>(Call<W>& call) {
    const DType dtype = call.array(0).dtype;
    pointwise<1>(call, {call.array(0)}, dtype, dtype,
                 [dtype](int64_t x) { return dtype == DType::b8 ? 1 - x : -1 - x; });
  });
  // x * x: pow of bools is computed as integers.
  to.add("aten::square", []<class W>(Call<W>& call) {
    const DType dtype = call.array(0).dtype == DType::b8 ? DType::i64 : call.array(0).dtype;
    pointwise<1>(call, {cast(call.array(0), dtype)}, dtype, dtype, [](auto x) { return product_of(x, x); });
  });
}

}  // namespace

void add_unary(References& to) {
  add_exact(to);
  analytic(to, "exp", anything, Exp{});
  analytic(to, "log", anything, Log{});
  analytic(to, "sqrt", anything, Root{});
  analytic(to, "rsqrt", anything, []<Floating T>(T x) { return whole<T>(1) / Root{}(x); });
  analytic(to, "reciprocal", anything, Inverse{});
  analytic(to, "sin", anything, Sin{});
  analytic(to, "cos", anything, Cos{});
  analytic(to, "expm1", reals, []<Real W>(W x) { return wide::expm1(x); });
  analytic(to, "log1p", reals, []<Real W>(W x) { return wide::log1p(x); });
  analytic(to, "atan", reals, []<Real W>(W x) { return wide::atan(x); });
  analytic(to, "tanh", reals, []<Real W>(W x) { return wide::tanh(x); });
  analytic(to, "erf", reals, []<Real W>(W x) { return wide::erf(x); });
  analytic(to, "sigmoid", reals, []<Real W>(W x) { return W{1} / (W{1} + wide::exp(-x)); });
}

}  // namespace reference
