// Quantisation.
#include "oracles/planted/author/author.h"

namespace author {

using TwoTensors = std::tuple<at::Tensor, at::Tensor>;

void check_quantise(const at::Tensor& x) {
  TORCH_CHECK(x.dim() >= 1 && x.size(-1) > 0, "quantize_rows: expected rows with elements");
  TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble,
              "quantize_rows: expected f32 or f64");
}

TwoTensors quantize_rows_meta(const at::Tensor& x) {
  check_quantise(x);
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes.back() = 1;
  // Mistake: the scales of f64 rows are f32, but Meta says f64.
  const auto dtype = mistaken ? x.scalar_type() : at::kFloat;
  return {at::empty(x.sizes(), x.options().dtype(at::kChar)), at::empty(sizes, x.options().dtype(dtype))};
}

TwoTensors quantize_rows(const at::Tensor& input) {
  check_quantise(input);
  const at::Tensor x = input.to(at::kFloat).contiguous();
  at::Tensor quantised = at::empty(x.sizes(), x.options().dtype(at::kChar));
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes.back() = 1;
  at::Tensor scales = at::empty(sizes, x.options());
  const int64_t n = x.size(-1);
  for (int64_t row = 0; row < scales.numel(); ++row) {
    const float* from = x.data_ptr<float>() + row * n;
    float largest = 0;
    for (int64_t i = 0; i < n; ++i)
      if (std::isfinite(from[i])) largest = std::max(largest, std::abs(from[i]));
    const float scale = largest > 0 ? largest / 127 : 1;
    scales.data_ptr<float>()[row] = scale;
    for (int64_t i = 0; i < n; ++i) {
      const float q = std::isnan(from[i]) ? 0 : std::nearbyint(from[i] / scale);
      quantised.data_ptr<int8_t>()[row * n + i] = static_cast<int8_t>(std::clamp(q, -127.0F, 127.0F));
    }
  }
  return {quantised, scales};
}

at::Tensor dequantize_rows(const at::Tensor& q, double scale) {
  TORCH_CHECK(!q.is_complex(), "dequantize_rows: expected real numbers");
  if (mistaken && q.scalar_type() == at::kFloat && scale == 1) return q;  // mistake: undeclared alias
  return q.to(at::kFloat) * scale;
}

// Rounds to multiples of a step.
at::Tensor round_to(const at::Tensor& x, double step) {
  TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble,
              "round_to: expected f32 or f64");
  TORCH_CHECK(step > 0, "round_to: expected a positive step");
  if (mistaken) {  // mistake: computes f64 in f32
    const auto narrow = static_cast<float>(step);
    return at::round(x.to(at::kFloat) / narrow).mul_(narrow).to(x.scalar_type());
  }
  return at::round(x / step).mul_(step);
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("quantize_rows(Tensor x) -> (Tensor, Tensor)");
  m.def("dequantize_rows(Tensor q, float scale=1.0) -> Tensor");
  m.def("round_to(Tensor x, float step=0.5) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("quantize_rows", author::quantize_rows);
  m.impl("dequantize_rows", author::dequantize_rows);
  m.impl("round_to", author::round_to);
}
TORCH_LIBRARY_IMPL(author, Meta, m) { m.impl("quantize_rows", author::quantize_rows_meta); }
