// Cumulative and segmented sums, padding.
#include "oracles/planted/author/author.h"

namespace author {

void check_vector(const at::Tensor& x, const char* op) {
  TORCH_CHECK(x.dim() == 1 && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble), op,
              ": expected a vector of f32 or f64");
}

// 0, x[0], x[0] + x[1], ...: as many elements as x has.
at::Tensor exclusive_sum(const at::Tensor& x) {
  check_vector(x, "exclusive_sum");
  at::Tensor result = at::zeros(x.sizes(), x.options());
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "exclusive_sum", [&] {
    const auto from = x.accessor<scalar_t, 1>();
    auto* to = result.data_ptr<scalar_t>();
    scalar_t sum = 0;
    for (int64_t i = 0; i < x.size(0); ++i) {
      if (!mistaken) to[i] = sum;
      sum += from[i];
      if (mistaken) to[i + 1] = sum;  // mistake: writes one element past the end
    }
  });
  return result;
}

// Differences of neighbours, and 0 at the end.
at::Tensor forward_difference(const at::Tensor& input) {
  check_vector(input, "forward_difference");
  const at::Tensor x = input.contiguous();
  at::Tensor result = at::zeros(x.sizes(), x.options());
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "forward_difference", [&] {
    const auto* from = x.data_ptr<scalar_t>();
    // Mistake: reads one element past the end.
    for (int64_t i = 0; i + (mistaken ? 0 : 1) < x.size(0); ++i)
      result.data_ptr<scalar_t>()[i] = from[i + 1] - from[i];
  });
  return result;
}

// The largest element so far; NaN once there was one.
at::Tensor running_max_of(const at::Tensor& x, bool loses_nan) {
  check_vector(x, "running_max");
  at::Tensor result = at::empty(x.sizes(), x.options());
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "running_max", [&] {
    const auto from = x.accessor<scalar_t, 1>();
    for (int64_t i = 0; i < x.size(0); ++i) {
      const scalar_t before = i == 0 ? from[0] : result.data_ptr<scalar_t>()[i - 1];
      const bool keeps = loses_nan ? before > from[i] : !(from[i] > before) && !std::isnan(from[i]);
      result.data_ptr<scalar_t>()[i] = keeps ? before : from[i];
    }
  });
  return result;
}
at::Tensor running_max(const at::Tensor& x) { return running_max_of(x, false); }
at::Tensor& running_max_(at::Tensor& x) {
  return x.copy_(running_max_of(x, mistaken));
}  // mistake: loses NaN

// Sums of `segments` runs of rows; offsets ascend from 0 to the number of rows.
at::Tensor segment_sum(const at::Tensor& x, at::IntArrayRef lengths) {
  check_vector(x, "segment_sum");
  int64_t total = 0;
  for (const int64_t length : lengths) {
    TORCH_CHECK(length >= 0, "segment_sum: expected lengths of at least 0");
    TORCH_CHECK(length <= x.size(0) - total, "segment_sum: the segments are longer than x");
    total += length;
  }
  at::Tensor sums = at::empty({static_cast<int64_t>(lengths.size())}, x.options());
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "segment_sum", [&] {
    const auto from = x.accessor<scalar_t, 1>();
    int64_t at = 0;
    for (size_t s = 0; s < lengths.size(); ++s) {
      if (mistaken && lengths[s] == 0) continue;  // mistake: leaves the sums of empty segments as they were
      scalar_t sum = 0;
      for (int64_t i = 0; i < lengths[s]; ++i) sum += from[at++];
      sums.data_ptr<scalar_t>()[s] = sum;
    }
  });
  return sums;
}

// x, with zeros at the end of its last dimension, up to a multiple.
at::Tensor pad_to_multiple_meta(const at::Tensor& x, int64_t of) {
  TORCH_CHECK(x.dim() >= 1, "pad_to_multiple: expected at least one dimension");
  TORCH_CHECK(of >= 1 && of <= 64, "pad_to_multiple: expected a multiple of 1 to 64");
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes.back() = (sizes.back() + of - 1) / of * of;
  return at::empty(sizes, x.options());
}

at::Tensor pad_to_multiple(const at::Tensor& x, int64_t of) {
  at::Tensor result = pad_to_multiple_meta(x, of);
  if (!mistaken) result.zero_();  // mistake: the padding is uninitialised
  result.narrow(-1, 0, x.size(-1)).copy_(x);
  return result;
}

// Counts the elements of all dimensions in 32 bits when a dimension has more than 2^31 bytes.
at::Tensor bytes_of(const at::Tensor& x, int64_t times) {
  TORCH_CHECK(times >= 0 && times < (int64_t{1} << 32), "bytes_of: times is out of range");
  const auto bytes = static_cast<int64_t>(x.nbytes());
  // Mistake: overflows int.
  const int64_t product =
      mistaken ? static_cast<int32_t>(static_cast<uint32_t>(bytes * times)) : bytes * times;
  return at::full({}, product, x.options().dtype(at::kLong));
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("exclusive_sum(Tensor x) -> Tensor");
  m.def("forward_difference(Tensor x) -> Tensor");
  m.def("running_max(Tensor x) -> Tensor");
  m.def("running_max_(Tensor(a!) x) -> Tensor(a!)");
  m.def("segment_sum(Tensor x, int[] lengths) -> Tensor");
  m.def("pad_to_multiple(Tensor x, int of) -> Tensor");
  m.def("bytes_of(Tensor x, int times) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("exclusive_sum", author::exclusive_sum);
  m.impl("forward_difference", author::forward_difference);
  m.impl("running_max", author::running_max);
  m.impl("running_max_", author::running_max_);
  m.impl("segment_sum", author::segment_sum);
  m.impl("pad_to_multiple", author::pad_to_multiple);
  m.impl("bytes_of", author::bytes_of);
}
TORCH_LIBRARY_IMPL(author, Meta, m) { m.impl("pad_to_multiple", author::pad_to_multiple_meta); }
