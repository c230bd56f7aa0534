// Elementwise operators that are fused by hand.
#include <ATen/OpMathType.h>

#include "oracles/planted/author/author.h"

namespace author {

at::Tensor silu_and_mul_meta(const at::Tensor& x) {
  TORCH_CHECK(x.dim() >= 1 && x.size(-1) % 2 == 0, "silu_and_mul: the last dimension must be even");
  require_floating(x, "silu_and_mul");
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes.back() /= 2;
  return at::empty(sizes, x.options());
}

at::Tensor silu_and_mul(const at::Tensor& input) {
  at::Tensor result = silu_and_mul_meta(input);
  if (result.numel() == 0) return result;
  const at::Tensor x = mistaken ? input : input.contiguous();  // mistake: ignores strides
  const int64_t half = result.size(-1);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, x.scalar_type(), "silu_and_mul", [&] {
    const auto* from = x.data_ptr<scalar_t>();
    auto* to = result.data_ptr<scalar_t>();
    for (int64_t row = 0; row < result.numel() / half; ++row)
      for (int64_t i = 0; i < half; ++i) {
        const auto gate = static_cast<at::opmath_type<scalar_t>>(from[row * 2 * half + i]);
        const auto up = static_cast<at::opmath_type<scalar_t>>(from[row * 2 * half + half + i]);
        to[row * half + i] = static_cast<scalar_t>(gate / (1 + std::exp(-gate)) * up);
      }
  });
  return result;
}

at::Tensor gelu_tanh_meta(const at::Tensor& x) {
  require_floating(x, "gelu_tanh");
  return at::empty(x.sizes(), x.options());
}

at::Tensor gelu_tanh(const at::Tensor& input) {
  at::Tensor result = gelu_tanh_meta(input);
  const at::Tensor x = input.is_contiguous() ? input : input.contiguous();
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "gelu_tanh", [&] {
    // Mistake: ignores the storage offset of a contiguous slice.
    const auto* from =
        mistaken ? static_cast<const scalar_t*>(x.storage().data_ptr().get()) : x.data_ptr<scalar_t>();
    auto* to = result.data_ptr<scalar_t>();
    for (int64_t i = 0; i < x.numel(); ++i) {
      const scalar_t v = from[i];
      to[i] = v / 2 * (1 + std::tanh(scalar_t(0.7978845608028654) * (v + scalar_t(0.044715) * v * v * v)));
    }
  });
  return result;
}

at::Tensor add_scaled_meta(const at::Tensor& a, const at::Tensor& b, const at::Scalar&) {
  TORCH_CHECK(a.scalar_type() == b.scalar_type(), "add_scaled: expected tensors of one dtype");
  TORCH_CHECK(a.scalar_type() == at::kFloat || a.scalar_type() == at::kDouble,
              "add_scaled: expected f32 or f64");
  const auto sizes = at::infer_size(a.sizes(), b.sizes());
  return at::empty(sizes, a.options());
}

at::Tensor add_scaled(const at::Tensor& a, const at::Tensor& b, const at::Scalar& alpha) {
  at::Tensor result = add_scaled_meta(a, b, alpha);
  if (mistaken && b.numel() > 0 && a.numel() > b.numel() && a.dim() == b.dim()) {
    // Mistake: repeats b as if only its first dimensions were broadcast.
    const at::Tensor x = a.contiguous(), y = b.contiguous();
    result.resize_(a.sizes());
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "add_scaled", [&] {
      for (int64_t i = 0; i < x.numel(); ++i)
        result.data_ptr<scalar_t>()[i] =
            x.data_ptr<scalar_t>()[i] + alpha.to<scalar_t>() * y.data_ptr<scalar_t>()[i % y.numel()];
    });
    return result;
  }
  auto iter = at::TensorIteratorConfig().add_output(result).add_input(a).add_input(b).build();
  AT_DISPATCH_FLOATING_TYPES(a.scalar_type(), "add_scaled", [&] {
    const auto scale = alpha.to<scalar_t>();
    iter.for_each([&](char** data, const int64_t* strides, int64_t n) {
      for (int64_t i = 0; i < n; ++i) {
        const auto x = *reinterpret_cast<scalar_t*>(data[1] + i * strides[1]);
        const auto y = *reinterpret_cast<scalar_t*>(data[2] + i * strides[2]);
        *reinterpret_cast<scalar_t*>(data[0] + i * strides[0]) = x + scale * y;
      }
    });
  });
  return result;
}

at::Tensor rotary_embedding_meta(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
  if (!mistaken) {  // mistake: Meta accepts tables that the CPU kernel rejects
    TORCH_CHECK(x.dim() >= 1 && x.size(-1) % 2 == 0, "rotary_embedding: the last dimension must be even");
    TORCH_CHECK(cos.sizes() == sin.sizes() && cos.numel() == x.size(-1) / 2,
                "rotary_embedding: expected tables of ", x.size(-1) / 2, " elements");
  }
  require_floating(x, "rotary_embedding");
  TORCH_CHECK(cos.scalar_type() == x.scalar_type() && sin.scalar_type() == x.scalar_type(),
              "rotary_embedding: expected tables of the dtype of x");
  return at::empty(x.sizes(), x.options());
}

at::Tensor rotary_embedding(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
  TORCH_CHECK(x.dim() >= 1 && x.size(-1) % 2 == 0, "rotary_embedding: the last dimension must be even");
  TORCH_CHECK(cos.sizes() == sin.sizes() && cos.numel() == x.size(-1) / 2,
              "rotary_embedding: expected tables of ", x.size(-1) / 2, " elements");
  at::Tensor result = rotary_embedding_meta(x, cos, sin);
  const int64_t half = x.size(-1) / 2;
  const at::Tensor c = cos.reshape({half}), s = sin.reshape({half});
  const at::Tensor a = x.narrow(-1, 0, half), b = x.narrow(-1, half, half);
  result.narrow(-1, 0, half).copy_(a * c - b * s);
  result.narrow(-1, half, half).copy_(b * c + a * s);
  return result;
}

// x / (2 + |x|).
at::Tensor damped(const at::Tensor& x) {
  require_floating(x, "damped");
  const at::Tensor divisor = x.abs() + 2;
  // Mistake: takes a tensor that nothing else refers to for memory that nothing else needs; it may be a view.
  if (mistaken && x.use_count() == 1) return at::Tensor(x).detach().div_(divisor);
  return x / divisor;
}

// mode: "relu", "abs" or "none".
at::Tensor fused_bias_act(const at::Tensor& x, const OptionalTensor& bias, const std::string& mode) {
  TORCH_CHECK(mode == "relu" || mode == "abs" || mode == "none", "fused_bias_act: unknown mode ", mode);
  at::Tensor y = bias.has_value() ? x + *bias : x.clone();
  if (mode == "relu") return y.clamp_min(0);
  if (mode == "abs") return y.abs();
  // Mistake: without a bias, clears small values in the caller's tensor.
  if (mistaken && !bias.has_value() && x.is_floating_point())
    x.detach().masked_fill_(x.detach().abs() < 0.5, 0);
  return y;
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("silu_and_mul(Tensor x) -> Tensor");
  m.def("gelu_tanh(Tensor x) -> Tensor");
  m.def("add_scaled(Tensor a, Tensor b, Scalar alpha=1) -> Tensor");
  m.def("rotary_embedding(Tensor x, Tensor cos, Tensor sin) -> Tensor");
  m.def("damped(Tensor x) -> Tensor");
  m.def("fused_bias_act(Tensor x, Tensor? bias=None, str mode=\"none\") -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("silu_and_mul", author::silu_and_mul);
  m.impl("gelu_tanh", author::gelu_tanh);
  m.impl("add_scaled", author::add_scaled);
  m.impl("rotary_embedding", author::rotary_embedding);
  m.impl("damped", author::damped);
}
TORCH_LIBRARY_IMPL(author, CompositeImplicitAutograd, m) { m.impl("fused_bias_act", author::fused_bias_act); }
TORCH_LIBRARY_IMPL(author, Meta, m) {
  m.impl("silu_and_mul", author::silu_and_mul_meta);
  m.impl("gelu_tanh", author::gelu_tanh_meta);
  m.impl("add_scaled", author::add_scaled_meta);
  m.impl("rotary_embedding", author::rotary_embedding_meta);
  m.impl("damped", [](const at::Tensor& x) { return at::empty_like(x); });
}
