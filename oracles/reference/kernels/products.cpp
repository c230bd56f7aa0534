// Products of matrices and vectors. The magnitude is the sum of |a||b|; each part of a complex product counts
// as two real products.
#include <algorithm>

#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/pointwise.h"

namespace reference {

namespace {

// One product of a batch: a is m by k from `a_first` on, b is k by n.
struct Matrices {
  int64_t m = 1, k = 0, n = 1;
  size_t a_first = 0, b_first = 0, c_first = 0;
};

template <class T, class W>
void multiply(const Array<W>& a, const Array<W>& b, const Matrices& at, Result<W>& made) {
  const auto m = static_cast<size_t>(at.m), k = static_cast<size_t>(at.k), n = static_cast<size_t>(at.n);
  for (size_t i = 0; i < m; ++i)
    for (size_t j = 0; j < n; ++j) {
      T sum{};
      double magnitude = 0;
      bool finite = true;
      for (size_t l = 0; l < k; ++l) {
        const T x = a.template at<T>(at.a_first + i * k + l), y = b.template at<T>(at.b_first + l * n + j);
        sum = sum_of(sum, product_of(x, y));
        if constexpr (Floating<T>) magnitude += magnitude_of(x) * magnitude_of(y);
        if constexpr (is_complex_type<T>) finite = finite && is_finite(x) && is_finite(y);
      }
      const size_t place = at.c_first + i * n + j;
      made.values.set(place, sum);
      made.magnitudes[place] = magnitude;
      if (!finite) made.leave_open(place);
    }
}

template <class W>
void check_product(const Array<W>& a, const Array<W>& b) {
  if (a.dtype != b.dtype) throw Raises{"the operands have different dtypes"};
  if (a.dtype == DType::b8) throw Raises{"the product is not defined for bools"};
}

template <class W>
Result<W>& product(Call<W>& call, const Array<W>& a, const Array<W>& b, Dims sizes,
                   const std::vector<Matrices>& batch) {
  check_product(a, b);
  Result<W>& made = call.give(blank<W>(a.dtype, std::move(sizes)));
  made.magnitudes.resize(made.values.count());
  const double terms = batch.empty() ? 0 : static_cast<double>(batch.front().k);
  made.roundings = (engine::is_complex(a.dtype) ? 2 : 1) * terms;
  with_elements<W>(a.dtype, [&]<class T>() {
    for (const Matrices& each : batch) multiply<T>(a, b, each, made);
  });
  return made;
}

// The last two sizes; a vector is treated as one row or one column.
struct Extents {
  Dims batch;
  int64_t rows = 1, columns = 1;
};
Extents left_extents(const Dims& sizes) {
  if (sizes.size() == 1) return {{}, 1, sizes[0]};
  return {Dims(sizes.begin(), sizes.end() - 2), sizes[sizes.size() - 2], sizes.back()};
}
Extents right_extents(const Dims& sizes) {
  if (sizes.size() == 1) return {{}, sizes[0], 1};
  return left_extents(sizes);
}

// matmul: batch dimensions broadcast; the dimension that a vector lacks is removed from the result.
template <class W>
Result<W>& matmul(Call<W>& call, size_t first, size_t second) {
  const Array<W>&a = call.array(first), &b = call.array(second);
  if (a.rank() == 0 || b.rank() == 0) throw Raises{"an operand is a 0-dim tensor"};
  const Extents left = left_extents(a.sizes), right = right_extents(b.sizes);
  if (left.columns != right.rows) throw Raises{"the matrices' sizes do not match"};
  Dims sizes = broadcast(left.batch, right.batch);
  const Dims batch_sizes = sizes;
  std::vector<Matrices> batch;
  const auto area = [](const Extents& of) { return static_cast<size_t>(of.rows * of.columns); };
  const auto a_at = places(batch_sizes, broadcast_strides(left.batch, batch_sizes));
  const auto b_at = places(batch_sizes, broadcast_strides(right.batch, batch_sizes));
  const auto area_out = static_cast<size_t>(left.rows * right.columns);
  for (size_t i = 0; i < a_at.size(); ++i)
    batch.push_back(
        {left.rows, left.columns, right.columns, a_at[i] * area(left), b_at[i] * area(right), i * area_out});
  if (a.rank() > 1) sizes.push_back(left.rows);
  if (b.rank() > 1) sizes.push_back(right.columns);
  return product(call, a, b, std::move(sizes), batch);
}

// The same for operands of exactly these ranks, without broadcasting.
template <class W>
Result<W>& ranked(Call<W>& call, size_t first, size_t rank, size_t other_rank) {
  const Array<W>&a = call.array(first), &b = call.array(first + 1);
  if (a.rank() != rank || b.rank() != other_rank)
    throw Raises{"the operands have the wrong number of dimensions"};
  if (rank == 3 && a.sizes[0] != b.sizes[0]) throw Raises{"the batch sizes differ"};
  return matmul(call, first, first + 1);
}

// beta * self + alpha * product. If beta is 0, self is not read.
template <class W>
void addmm(Call<W>& call) {
  ranked(call, 1, 2, 2);
  Result<W>& made = call.results.back();
  const Array<W>& self = call.array(0);
  const DType dtype = made.values.dtype;
  if (self.dtype != dtype) throw Raises{"the operands have different dtypes"};
  for (const size_t i : {size_t{3}, size_t{4}}) {
    const engine::Scalar& factor = call.arguments[i].number;
    if (engine::is_integral(dtype) && !factor.is_integral())
      throw Raises{"the factor is real and the result is an integer"};
    if (!engine::is_complex(dtype) && factor.is_complex())
      throw Raises{"the factor is complex and the result is not"};
  }
  if (broadcast(self.sizes, made.values.sizes) != made.values.sizes)
    throw Raises{"the result's sizes differ from self's"};
  const bool reads = call.arguments[3].number.to_complex() != 0.0;
  const Shown<W> bias(self, made.values.sizes);
  const Array<W> beta = array_of<W>(call.arguments[3].number, computed_in(dtype));
  const Array<W> alpha = array_of<W>(call.arguments[4].number, computed_in(dtype));
  with_elements<W>(dtype, [&]<class T>() {
    const T by_bias = beta.template at<T>(0), by_product = alpha.template at<T>(0);
    for (size_t i = 0; i < made.values.count(); ++i) {
      const T scaled = product_of(by_product, made.values.template at<T>(i));
      const T added = reads ? product_of(by_bias, bias.template element<T>(i)) : T{};
      made.values.set(i, reads ? sum_of(added, scaled) : scaled);
      made.note_step(i, made.magnitudes[i]);
      made.magnitudes[i] = made.magnitudes[i] * magnitude_of(by_product) + magnitude_of(added);
      if (is_complex_type<T> && reads && !is_finite(bias.template element<T>(i))) made.leave_open(i);
    }
  });
  made.roundings += engine::is_complex(dtype) ? 5 : 2;
  made.amplified = std::max(1.0, std::abs(call.arguments[4].number.to_complex()));
}

}  // namespace

void add_products_of_matrices(References& to) {
  to.add({"aten::mm", "aten::mm.out"}, [](auto& call) { ranked(call, 0, 2, 2); });
  to.add({"aten::bmm", "aten::bmm.out"}, [](auto& call) { ranked(call, 0, 3, 3); });
  to.add({"aten::mv", "aten::mv.out"}, [](auto& call) { ranked(call, 0, 2, 1); });
  to.add({"aten::dot", "aten::dot.out"}, [](auto& call) { ranked(call, 0, 1, 1); });
  to.add("aten::matmul", [](auto& call) { matmul(call, 0, 1); });
  to.add({"aten::addmm", "aten::addmm_", "aten::addmm.out"}, [](auto& call) { addmm(call); });
}

}  // namespace reference
