// Reductions over all or some dimensions. The elements of one result are visited in row-major order.
#include <algorithm>

#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/promotion.h"
#include "oracles/reference/kernels/rounding.h"
#include "oracles/reference/kernels/wide_math.h"

namespace reference {

namespace {

// Which elements are reduced: element r of result i is at position starts[i] + steps[r].
struct Folding {
  Dims sizes;  // of the result
  std::vector<size_t> starts, steps;
};

std::vector<bool> named_dimensions(const Dims& dims, size_t rank) {
  std::vector<bool> named(std::max<size_t>(rank, 1), dims.empty());
  for (const int64_t dim : dims) {
    const size_t d = dimension(dim, rank);
    if (named[d]) throw Raises{"a dimension is given twice"};
    named[d] = true;
  }
  named.resize(rank);
  return named;
}

Folding fold_over(const Dims& from, const std::vector<bool>& folded, bool keep) {
  const Dims strides = broadcast_strides(from, from);
  Folding made;
  Dims kept, kept_strides, inner, inner_strides;
  for (size_t d = 0; d < from.size(); ++d) {
    (folded[d] ? inner : kept).push_back(from[d]);
    (folded[d] ? inner_strides : kept_strides).push_back(strides[d]);
    if (!folded[d] || keep) made.sizes.push_back(folded[d] ? 1 : from[d]);
  }
  made.starts = places(kept, kept_strides);
  made.steps = places(inner, inner_strides);
  return made;
}

// Positions of an operator's arguments in its schema; -1: it has no such argument.
struct Places {
  int dim = -1, keep = -1, dtype = -1;
};

template <class W>
Folding folding_of(const Call<W>& call, const Places& at, bool needs_elements = false) {
  const Dims& from = call.array(0).sizes;
  Dims dims;
  if (at.dim >= 0 && !call.is_none(static_cast<size_t>(at.dim))) {
    const Argument<W>& given = call.arguments[static_cast<size_t>(at.dim)];
    dims = given.kind == Argument<W>::Kind::integers ? given.integers : Dims{given.number.to_integer()};
  }
  const std::vector<bool> folded = named_dimensions(dims, from.size());
  for (size_t d = 0; d < from.size(); ++d)
    if (needs_elements && folded[d] && from[d] == 0) throw Raises{"a reduced dimension is empty"};
  return fold_over(from, folded, at.keep >= 0 && call.boolean(static_cast<size_t>(at.keep)));
}

// The operand cast to the requested dtype, or else to the dtype of the written tensor; if there is neither,
// integers are cast to 64 bits.
template <class W>
Array<W> summed(const Call<W>& call, const Places& at, std::vector<bool>* open) {
  const Array<W>& self = call.array(0);
  const auto dtype = static_cast<size_t>(at.dtype);
  if (!call.is_none(dtype)) return cast(self, call.arguments[dtype].dtype, call.rounds, open);
  if (call.arguments.back().written == Written::out)
    return cast(self, call.arguments.back().arrays.front().dtype, call.rounds, open);
  return engine::is_integral(self.dtype) ? cast(self, DType::i64) : self;
}

// A result is unspecified if one of its elements is.
template <class W>
void spread(const std::vector<bool>& open, const Folding& folding, Result<W>& made) {
  if (open.empty()) return;
  made.unspecified.resize(folding.starts.size());
  for (size_t i = 0; i < folding.starts.size(); ++i)
    for (const size_t step : folding.steps)
      if (open[folding.starts[i] + step]) made.unspecified[i] = true;
}

template <class T, class W>
void add_up(const Array<W>& of, const Folding& folding, bool mean, Result<W>& made) {
  const auto count = static_cast<int64_t>(folding.steps.size());
  for (size_t i = 0; i < folding.starts.size(); ++i) {
    T sum{};
    double magnitude = 0;
    for (const size_t step : folding.steps) {
      const T x = of.template at<T>(folding.starts[i] + step);
      sum = sum_of(sum, x);
      magnitude += magnitude_of(x);
    }
    if constexpr (is_complex_type<T>) {
      if (mean) sum = {sum.re / static_cast<W>(count), sum.im / static_cast<W>(count)};
    } else if constexpr (Real<T>) {
      if (mean) sum = sum / static_cast<W>(count);
    }
    made.values.set(i, sum);
    made.note_step(i, magnitude);
    made.magnitudes[i] = mean ? magnitude / static_cast<double>(count) : magnitude;
  }
}

template <class W>
void sum_over(Call<W>& call, const Places& at, bool mean) {
  std::vector<bool> open;
  const Array<W> of = summed(call, at, &open);
  if (mean &&
      engine::is_integral(call.is_none(static_cast<size_t>(at.dtype)) ? call.array(0).dtype : of.dtype))
    throw Raises{"mean is not defined for integers"};
  const Folding folding = folding_of(call, at);
  Result<W>& made = call.give(blank<W>(of.dtype, folding.sizes));
  made.roundings = std::max<double>(static_cast<double>(folding.steps.size()) - 1, 0) + (mean ? 1 : 0);
  made.magnitudes.resize(made.values.count());
  with_elements<W>(of.dtype, [&]<class T>() { add_up<T>(of, folding, mean, made); });
  spread(open, folding, made);
}

// Products: the error is relative to the product, unless an intermediate value overflows f64.
template <class T, class W>
void multiply_up(const Array<W>& of, const Folding& folding, Result<W>& made) {
  for (size_t i = 0; i < folding.starts.size(); ++i) {
    T product = whole<T>(1);
    for (const size_t step : folding.steps) {
      const T x = of.template at<T>(folding.starts[i] + step);
      product = product_of(product, x);
      if (!Floating<T>) continue;
      const double size = magnitude_of(product);
      made.note_step(i, size);
      if (size < 0x1p-1020 && magnitude_of(x) != 0) made.leave_open(i);
      if (is_complex_type<T> && !is_finite(x)) made.leave_open(i);
    }
    made.values.set(i, product);
  }
}

template <class W>
void multiply_over(Call<W>& call, const Places& at) {
  std::vector<bool> open;
  const Array<W> of = summed(call, at, &open);
  const Folding folding = folding_of(call, at);
  Result<W>& made = call.give(blank<W>(of.dtype, folding.sizes));
  const double each = engine::is_complex(of.dtype) ? 3 : 1;
  made.roundings = each * std::max<double>(static_cast<double>(folding.steps.size()) - 1, 0);
  with_elements<W>(of.dtype, [&]<class T>() { multiply_up<T>(of, folding, made); });
  spread(open, folding, made);
}

// The first of the largest (or smallest) elements; the first NaN takes precedence.
template <bool largest, class T, class W>
size_t extreme_step(const Array<W>& of, const Folding& folding, size_t i) {
  size_t best = 0;
  T value = of.template at<T>(folding.starts[i] + folding.steps[0]);
  for (size_t r = 1; r < folding.steps.size() && !is_nan(value); ++r) {
    const T x = of.template at<T>(folding.starts[i] + folding.steps[r]);
    if (!is_nan(x) && !(largest ? value < x : x < value)) continue;
    best = r;
    value = x;
  }
  return best;
}

enum class Tells : uint8_t { value, place, both };

template <bool largest, class W>
void extreme_over(Call<W>& call, const Places& at, Tells tells, bool bools) {
  const Array<W>& of = call.array(0);
  if (engine::is_complex(of.dtype) || (!bools && of.dtype == DType::b8))
    throw Raises{"not defined for this dtype"};
  const Folding folding = folding_of(call, at, true);
  Array<W> values = blank<W>(of.dtype, folding.sizes), where = blank<W>(DType::i64, folding.sizes);
  with_elements<W>(of.dtype, [&]<class T>() {
    if constexpr (Ordered<T>)
      for (size_t i = 0; i < folding.starts.size(); ++i) {
        const size_t step = extreme_step<largest, T>(of, folding, i);
        values.set(i, of.template at<T>(folding.starts[i] + folding.steps[step]));
        where.set(i, static_cast<int64_t>(step));
      }
  });
  if (tells != Tells::place) call.give(std::move(values)).zero_signs = false;
  if (tells != Tells::value) call.give(std::move(where));
}

// Whether all, or any, elements are true. For u8 operands the result is u8.
template <bool all, class W>
void truth_over(Call<W>& call, const Places& at) {
  const Array<W>& of = call.array(0);
  const Folding folding = folding_of(call, at);
  Array<W> made = blank<W>(of.dtype == DType::u8 ? DType::u8 : DType::b8, folding.sizes);
  with_elements<W>(of.dtype, [&]<class T>() {
    for (size_t i = 0; i < folding.starts.size(); ++i) {
      const bool found = std::any_of(folding.steps.begin(), folding.steps.end(), [&](size_t step) {
        return (of.template at<T>(folding.starts[i] + step) == T{}) == all;
      });
      made.set(i, int64_t{found != all});
    }
  });
  call.give(std::move(made));
}

template <bool largest>
void add_extremes(References& to, const std::string& word, const std::string& out) {
  const Places dims{.dim = 1, .keep = 2};
  const std::string plain = "aten::" + word;
  to.add({"aten::a" + word, "aten::a" + word + ".out"},
         [=](auto& call) { extreme_over<largest>(call, dims, Tells::value, true); });
  to.add({"aten::arg" + word, "aten::arg" + word + ".out"},
         [=](auto& call) { extreme_over<largest>(call, dims, Tells::place, false); });
  to.add({plain + ".dim", plain + out},
         [=](auto& call) { extreme_over<largest>(call, dims, Tells::both, true); });
}

template <bool all>
void add_truth(References& to, const std::string& word) {
  const std::string plain = "aten::" + word;
  to.add({plain, plain + ".all_out"}, [](auto& call) { truth_over<all>(call, {}); });
  to.add({plain + ".dim", plain + ".out"}, [](auto& call) { truth_over<all>(call, {.dim = 1, .keep = 2}); });
}

}  // namespace

void add_reductions(References& to) {
  const Places over_all{.dtype = 1}, over_some{.dim = 1, .keep = 2, .dtype = 3};
  to.add("aten::sum", [=](auto& call) { sum_over(call, over_all, false); });
  to.add({"aten::sum.dim_IntList", "aten::sum.IntList_out"},
         [=](auto& call) { sum_over(call, over_some, false); });
  to.add("aten::mean", [=](auto& call) { sum_over(call, over_all, true); });
  to.add({"aten::mean.dim", "aten::mean.out"}, [=](auto& call) { sum_over(call, over_some, true); });
  to.add("aten::prod", [=](auto& call) { multiply_over(call, over_all); });
  to.add({"aten::prod.dim_int", "aten::prod.int_out"}, [=](auto& call) { multiply_over(call, over_some); });
  add_extremes<true>(to, "max", ".dim_max");
  add_extremes<false>(to, "min", ".dim_min");
  add_truth<true>(to, "all");
  add_truth<false>(to, "any");
}

}  // namespace reference
