// Softmax and log-softmax along one dimension. The error is not relative to the result: the difference to the
// largest element has an error relative to that difference, and its exponential inherits it as a relative
// error.
#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/promotion.h"
#include "oracles/reference/kernels/wide_math.h"

namespace reference {

namespace {

template <class W>
struct Row {
  std::vector<W> below, share;  // differences to the largest element; exp(below) / sum
  W log_sum{0};
  double weighted = 0;  // sum of share * magnitude of below
};

template <class W>
Row<W> row_of(const Array<W>& of, size_t start, size_t step, size_t count) {
  Row<W> row;
  W largest = of.parts[start], sum{0};
  for (size_t i = 1; i < count; ++i) {
    const W x = of.parts[start + i * step];
    if (!is_nan(largest) && (is_nan(x) || largest < x)) largest = x;
  }
  for (size_t i = 0; i < count; ++i) {
    row.below.push_back(of.parts[start + i * step] - largest);
    row.share.push_back(wide::exp(row.below[i]));
    sum += row.share[i];
  }
  for (size_t i = 0; i < count; ++i) {
    row.share[i] /= sum;
    if (row.share[i] > W{0}) row.weighted += magnitude_of(row.below[i]) * static_cast<double>(row.share[i]);
  }
  row.log_sum = wide::log(sum);
  return row;
}

template <class W>
void softmax(Call<W>& call, bool logarithm) {
  const Array<W>& of = call.array(0);
  const size_t dim = dimension(call.integer(1), of.rank());
  if (call.boolean(2)) throw Raises{"half_to_float is for CUDA only"};
  if (!engine::is_floating(of.dtype)) throw Raises{"not defined for this dtype"};
  const size_t count = of.rank() == 0 ? 1 : static_cast<size_t>(of.sizes[dim]);
  const size_t step = of.rank() == 0 ? 1 : static_cast<size_t>(broadcast_strides(of.sizes, of.sizes)[dim]);
  const size_t stride = count == 1 ? 1 : step;  // irrelevant for a single element
  Result<W>& made = call.give(blank<W>(of.dtype, of.sizes));
  made.magnitudes.resize(of.count());
  made.roundings = static_cast<double>(count) + 6;
  for (size_t first = 0; first < of.count(); ++first) {
    if (count > 1 && (first / stride) % count != 0) continue;
    const Row<W> row = row_of(of, first, stride, count);
    for (size_t i = 0; i < count; ++i) {
      const size_t at = first + i * stride;
      const double below = magnitude_of(row.below[i]);
      made.values.set(at, logarithm ? row.below[i] - row.log_sum : row.share[i]);
      made.magnitudes[at] = logarithm ? below + magnitude_of(row.log_sum) + 1 + row.weighted
                                      : static_cast<double>(row.share[i]) * (1 + below + row.weighted);
      if (!is_finite(row.below[i])) made.magnitudes[at] = 0;
    }
  }
}

}  // namespace

void add_softmax(References& to) {
  to.add({"aten::_softmax", "aten::_softmax.out"}, [](auto& call) { softmax(call, false); });
  to.add({"aten::_log_softmax", "aten::_log_softmax.out"}, [](auto& call) { softmax(call, true); });
}

}  // namespace reference
