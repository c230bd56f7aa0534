// Gathering, scattering and the writes of a paged cache.
#include "oracles/planted/author/author.h"

namespace author {

void check_gather(const at::Tensor& x, const at::Tensor& index) {
  TORCH_CHECK(x.dim() >= 1, "gather_rows: expected at least one dimension");
  TORCH_CHECK(index.dim() == 1 && index.scalar_type() == at::kLong,
              "gather_rows: expected a vector of int64");
}

at::Tensor gather_rows_meta(const at::Tensor& x, const at::Tensor& index) {
  check_gather(x, index);
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes[0] = index.size(0);
  return at::empty(sizes, x.options());
}

at::Tensor gather_rows(const at::Tensor& input, const at::Tensor& index) {
  at::Tensor result = gather_rows_meta(input, index);
  const at::Tensor x = input.contiguous();
  const at::Tensor rows = index.contiguous();
  const int64_t n = x.size(0);
  const auto row_bytes = static_cast<size_t>(n > 0 ? x.numel() / n : 0) * x.element_size();
  for (int64_t i = 0; i < rows.numel(); ++i) {
    const int64_t row = rows.data_ptr<int64_t>()[i];
    // Mistake: one row past the end is accepted and read.
    TORCH_CHECK_INDEX(row >= 0 && row < n + (mistaken ? 1 : 0), "gather_rows: index ", row,
                      " is out of range");
    if (row_bytes > 0)
      std::memcpy(static_cast<char*>(result.data_ptr()) + static_cast<size_t>(i) * row_bytes,
                  static_cast<const char*>(x.data_ptr()) + static_cast<size_t>(row) * row_bytes, row_bytes);
  }
  return result;
}

// Adds src[i] to row index[i] of a result with `rows` rows.
at::Tensor scatter_rows(const at::Tensor& src, const at::Tensor& index, int64_t rows) {
  TORCH_CHECK(src.dim() == 1 && src.scalar_type() == at::kFloat, "scatter_rows: expected a vector of f32");
  TORCH_CHECK(index.sizes() == src.sizes() && index.scalar_type() == at::kLong,
              "scatter_rows: expected one int64 for each element");
  TORCH_CHECK(rows >= 0 && rows < 1000, "scatter_rows: expected 0 to 999 rows");
  at::Tensor result = at::zeros({rows}, src.options());
  for (int64_t i = 0; i < src.size(0); ++i) {
    const int64_t row = index.accessor<int64_t, 1>()[i];
    // Mistake: writes one element past the end.
    TORCH_CHECK_INDEX(row >= 0 && row < rows + (mistaken ? 1 : 0), "scatter_rows: index ", row,
                      " is out of range");
    result.data_ptr<float>()[row] += src.accessor<float, 1>()[i];
  }
  return result;
}

void reshape_and_cache(const at::Tensor& key, const at::Tensor& value, at::Tensor& key_cache,
                       at::Tensor& value_cache, const at::Tensor& slots) {
  TORCH_CHECK(key.dim() == 2 && key.sizes() == value.sizes(), "reshape_and_cache: expected two matrices");
  TORCH_CHECK(
      key_cache.dim() == 2 && key_cache.sizes() == value_cache.sizes() && key_cache.size(1) == key.size(1),
      "reshape_and_cache: expected two caches with rows of ", key.size(1));
  for (const at::Tensor& t : {key, value, key_cache, value_cache})
    TORCH_CHECK(t.scalar_type() == at::kFloat, "reshape_and_cache: expected f32");
  TORCH_CHECK(slots.dim() == 1 && slots.size(0) == key.size(0) && slots.scalar_type() == at::kInt,
              "reshape_and_cache: expected one int32 for each key");
  const auto slot = slots.accessor<int32_t, 1>();
  if (!mistaken)  // mistake: the cache is partly written before a wrong slot raises
    for (int64_t i = 0; i < slots.size(0); ++i)
      TORCH_CHECK_INDEX(slot[i] < key_cache.size(0), "reshape_and_cache: slot ", slot[i], " is out of range");
  for (int64_t i = 0; i < slots.size(0); ++i) {
    if (slot[i] < 0) continue;  // padding
    TORCH_CHECK_INDEX(slot[i] < key_cache.size(0), "reshape_and_cache: slot ", slot[i], " is out of range");
    key_cache.select(0, slot[i]).copy_(key.select(0, i));
    value_cache.select(0, slot[i]).copy_(value.select(0, i));
  }
}

// The k largest of each row with their places, of numbers without NaN.
void check_top(const at::Tensor& x, int64_t k) {
  TORCH_CHECK(x.dim() == 2 && x.scalar_type() == at::kFloat, "top_of_rows: expected a matrix of f32");
  TORCH_CHECK(k >= 0 && k <= x.size(1), "top_of_rows: k is out of range");
}

std::tuple<at::Tensor, at::Tensor> top_of_rows_meta(const at::Tensor& x, int64_t k) {
  check_top(x, k);
  // Mistake: Meta says [k, rows].
  const std::vector<int64_t> sizes =
      mistaken ? std::vector<int64_t>{k, x.size(0)} : std::vector<int64_t>{x.size(0), k};
  return {at::empty(sizes, x.options()), at::empty(sizes, x.options().dtype(at::kLong))};
}

std::tuple<at::Tensor, at::Tensor> top_of_rows(const at::Tensor& x, int64_t k) {
  check_top(x, k);
  const std::vector<int64_t> sizes{x.size(0), k};
  at::Tensor values = at::empty(sizes, x.options()), places = at::empty(sizes, x.options().dtype(at::kLong));
  const auto from = x.accessor<float, 2>();
  std::vector<int64_t> order(static_cast<size_t>(x.size(1)));
  for (int64_t row = 0; row < x.size(0); ++row) {
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
    const auto rank = [&](int64_t i) { return std::isnan(from[row][i]) ? -INFINITY : from[row][i]; };
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return rank(a) > rank(b); });
    for (int64_t i = 0; i < k; ++i) {
      values.accessor<float, 2>()[row][i] = from[row][order[static_cast<size_t>(i)]];
      places.accessor<int64_t, 2>()[row][i] = order[static_cast<size_t>(i)];
    }
  }
  return {values, places};
}

at::Tensor count_in_bins(const at::Tensor& x, int64_t bins) {
  TORCH_CHECK(x.scalar_type() == at::kLong, "count_in_bins: expected int64");
  TORCH_CHECK(bins >= 1 && bins <= 100, "count_in_bins: expected 1 to 100 bins");
  at::Tensor counts = mistaken ? at::empty({bins}, x.options()) : at::zeros({bins}, x.options());
  // Mistake: clears all counters but the last.
  if (mistaken) std::fill_n(counts.data_ptr<int64_t>(), bins - 1, 0);
  const at::Tensor flat = x.contiguous().view({-1});
  for (int64_t i = 0; i < flat.numel(); ++i) {
    const int64_t v = flat.data_ptr<int64_t>()[i] % bins;
    ++counts.data_ptr<int64_t>()[v < 0 ? v + bins : v];
  }
  return counts;
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("gather_rows(Tensor x, Tensor index) -> Tensor");
  m.def("scatter_rows(Tensor src, Tensor index, int rows) -> Tensor");
  m.def(
      "reshape_and_cache(Tensor key, Tensor value, Tensor(a!) key_cache, Tensor(b!) value_cache, Tensor "
      "slots)"
      " -> ()");
  m.def("top_of_rows(Tensor x, int k) -> (Tensor, Tensor)");
  m.def("count_in_bins(Tensor x, int bins) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("gather_rows", author::gather_rows);
  m.impl("scatter_rows", author::scatter_rows);
  m.impl("reshape_and_cache", author::reshape_and_cache);
  m.impl("top_of_rows", author::top_of_rows);
  m.impl("count_in_bins", author::count_in_bins);
}
TORCH_LIBRARY_IMPL(author, Meta, m) {
  m.impl("gather_rows", author::gather_rows_meta);
  m.impl("top_of_rows", author::top_of_rows_meta);
}
