// Kernels whose threads share the work, and kernels made of other operators that have a fast path.
#include <ATen/Parallel.h>

#include "oracles/planted/author/author.h"

namespace author {

// Each element minus the one before it, in the order of the dimensions; 0 at the start.
at::Tensor backward_difference(const at::Tensor& input) {
  TORCH_CHECK(input.scalar_type() == at::kFloat || input.scalar_type() == at::kDouble,
              "backward_difference: expected f32 or f64");
  const at::Tensor x = input.resolve_neg().contiguous();
  at::Tensor result = at::zeros(x.sizes(), x.options());
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "backward_difference", [&] {
    const auto* from = x.data_ptr<scalar_t>();
    auto* to = result.data_ptr<scalar_t>();
    constexpr int64_t grain = 16384;
    const int64_t parts = x.numel() < grain ? 1 : at::get_num_threads();
    at::parallel_for(0, parts, 1, [&](int64_t first, int64_t last) {
      for (int64_t part = first; part < last; ++part) {
        const int64_t begin = x.numel() * part / parts, end = x.numel() * (part + 1) / parts;
        // Mistake: the first element of a thread's part is taken for the first of the tensor.
        for (int64_t i = std::max<int64_t>(begin, mistaken ? begin + 1 : 1); i < end; ++i)
          to[i] = from[i] - from[i - 1];
      }
    });
  });
  return result;
}

// x / (1 + |x|), made of other operators.
at::Tensor softsign(const at::Tensor& x) {
  require_floating(x, "softsign");
  // Mistake: the fast path reads memory, which the tensors of a functionalised program do not have.
  if (mistaken && x.device().is_cpu() && x.scalar_type() == at::kFloat && x.is_contiguous()) {
    at::Tensor result = at::empty(x.sizes(), x.options());
    const auto* from = static_cast<const float*>(x.data_ptr());
    for (int64_t i = 0; i < x.numel(); ++i) result.data_ptr<float>()[i] = from[i] / (1 + std::abs(from[i]));
    return result;
  }
  return x / (x.abs() + 1);
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("backward_difference(Tensor x) -> Tensor");
  m.def("softsign(Tensor x) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) { m.impl("backward_difference", author::backward_difference); }
TORCH_LIBRARY_IMPL(author, CompositeImplicitAutograd, m) { m.impl("softsign", author::softsign); }
