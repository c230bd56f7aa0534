// Functors that fold many elements into one. A backend may fold parts, each in order, and merge the parts in
// any order.
#pragma once

#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/math.h"
#include "engine/kernels/wider.h"

namespace engine::functors {

struct Sum {
  template <class T>
  struct State {
    using Result = T;
    Wider<T> sum{};
    ENGINE_DEVICE void fold(T x, int64_t) { sum = math::add(sum, math::cast<Wider<T>>(x)); }
    ENGINE_DEVICE void merge(const State& other) { sum = math::add(sum, other.sum); }
    ENGINE_DEVICE T finish(int64_t) const { return math::cast<T>(sum); }
  };
};
struct Mean {
  template <class T>
  struct State : Sum::State<T> {
    ENGINE_DEVICE T finish(int64_t count) const {
      const auto n = static_cast<double>(count);
      if constexpr (math::is_complex<T>)
        return math::cast<T>(math::Complex<double>{this->sum.re / n, this->sum.im / n});
      else
        return static_cast<T>(this->sum / n);
    }
  };
};
struct Prod {
  template <class T>
  struct State {
    using Result = T;
    Wider<T> product = math::cast<Wider<T>>(int64_t{1});
    ENGINE_DEVICE void fold(T x, int64_t) { product = math::mul(product, math::cast<Wider<T>>(x)); }
    ENGINE_DEVICE void merge(const State& other) { product = math::mul(product, other.product); }
    ENGINE_DEVICE T finish(int64_t) const { return math::cast<T>(product); }
  };
};
// The element that `Before` orders first. A NaN comes before every number; of equal elements, the first wins.
template <class Before>
struct Extreme {
  template <class T>
  struct State {
    using Result = T;
    T value{};
    int64_t index = -1;
    ENGINE_DEVICE void fold(T x, int64_t at) {
      if (index >= 0 && (math::is_nan(value) || (!math::is_nan(x) && !Before{}(x, value)))) return;
      value = x;
      index = at;
    }
    ENGINE_DEVICE void merge(const State& other) {
      if (other.index >= 0 && (index < 0 || other.comes_before(*this))) *this = other;
    }
    ENGINE_DEVICE T finish(int64_t) const { return value; }

   private:
    ENGINE_DEVICE bool comes_before(const State& other) const {
      const bool nan = math::is_nan(value), other_nan = math::is_nan(other.value);
      if (nan != other_nan) return nan;
      if (nan || (!Before{}(value, other.value) && !Before{}(other.value, value))) return index < other.index;
      return Before{}(value, other.value);
    }
  };
};
template <class Before>
struct ArgExtreme {
  template <class T>
  struct State : Extreme<Before>::template State<T> {
    using Result = int64_t;
    ENGINE_DEVICE int64_t finish(int64_t) const { return this->index; }
  };
};
struct Greater {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return a > b; }
};
struct Less {
  ENGINE_DEVICE bool operator()(auto a, auto b) const { return a < b; }
};
template <bool wanted>
struct Quantifier {
  template <class T>
  struct State {
    using Result = bool;
    bool found = false;
    ENGINE_DEVICE void fold(T x, int64_t) { found = found || math::cast<bool>(x) == wanted; }
    ENGINE_DEVICE void merge(const State& other) { found = found || other.found; }
    ENGINE_DEVICE bool finish(int64_t) const { return found == wanted; }
  };
};

using FoldKernels =
    KernelList<Folded<Sum, all_dtype_set>, Folded<Mean, floating_dtypes>, Folded<Prod, all_dtype_set>,
               Folded<Extreme<Greater>, ordered_dtypes>, Folded<Extreme<Less>, ordered_dtypes>,
               Folded<ArgExtreme<Greater>, ordered_dtypes>, Folded<ArgExtreme<Less>, ordered_dtypes>,
               Folded<Quantifier<true>, all_dtype_set>, Folded<Quantifier<false>, all_dtype_set>>;

}  // namespace engine::functors
