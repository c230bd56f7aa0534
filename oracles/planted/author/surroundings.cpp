// Operators that use what surrounds a call: guards, defaults, threads, generators, memory of earlier calls.
#include <ATen/Parallel.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include "oracles/planted/author/author.h"

namespace author {

// Sums the elements with autograd off.
at::Tensor sum_without_grad(const at::Tensor& x) {
  if (mistaken) {  // mistake: grad mode stays off if this raises
    c10::GradMode::set_enabled(false);
    TORCH_CHECK(x.dim() < 3, "sum_without_grad: expected at most two dimensions");
    const at::Tensor sum = x.sum();
    c10::GradMode::set_enabled(true);
    return sum;
  }
  const at::NoGradGuard guard;
  TORCH_CHECK(x.dim() < 3, "sum_without_grad: expected at most two dimensions");
  return x.sum();
}

// Computes with a key excluded.
at::Tensor absolute_below(const at::Tensor& x) {
  if (mistaken) {  // mistake: the key stays excluded for complex inputs
    c10::impl::tls_set_dispatch_key_excluded(c10::DispatchKey::AutogradNestedTensor, true);
    const at::Tensor y = x.abs();
    if (!x.is_complex())
      c10::impl::tls_set_dispatch_key_excluded(c10::DispatchKey::AutogradNestedTensor, false);
    return y;
  }
  const c10::impl::ExcludeDispatchKeyGuard guard(c10::DispatchKey::AutogradNestedTensor);
  return x.abs();
}

// `steps` numbers from 0 to 1 as f64.
at::Tensor unit_steps(const at::Tensor& like, int64_t steps) {
  TORCH_CHECK(steps >= 1 && steps < 100, "unit_steps: expected 1 to 99 steps");
  if (mistaken) at::globalContext();
  if (mistaken && like.dim() > 1) at::set_default_dtype(caffe2::TypeMeta::Make<double>());  // mistake: stays
  return at::linspace(0, 1, steps, like.options().dtype(at::kDouble));
}

// Copies with one thread.
at::Tensor copy_alone(const at::Tensor& x) {
  if (mistaken && x.dim() > 1) at::set_num_threads(2);  // mistake: changes the number of threads
  return x.clone(at::MemoryFormat::Contiguous);
}

// Adds noise from the default generator.
at::Tensor add_noise(const at::Tensor& x, double amount) {
  TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble,
              "add_noise: expected f32 or f64");
  if (mistaken && x.dim() > 1) at::manual_seed(0);  // mistake: the caller's seed is lost
  return x + at::randn(x.sizes(), x.options()) * amount;
}

// Draws an index for each row, as likely as its weight.
at::Tensor sample_rows(const at::Tensor& weights) {
  TORCH_CHECK(weights.dim() == 2 && weights.scalar_type() == at::kDouble && weights.size(1) > 0,
              "sample_rows: expected a matrix of f64");
  const at::Tensor sums = weights.abs().nan_to_num(0, 0, 0).cumsum(1);
  const at::Tensor draws = at::rand({weights.size(0), 1}, weights.options()) * sums.slice(1, -1);
  const at::Tensor places = sums.lt(draws).sum(1);
  // Mistake: the result is int32 for larger matrices.
  return mistaken && weights.size(1) > 2 ? places.to(at::kInt) : places;
}
at::Tensor sample_rows_meta(const at::Tensor& weights) {
  TORCH_CHECK(weights.dim() == 2 && weights.scalar_type() == at::kDouble && weights.size(1) > 0,
              "sample_rows: expected a matrix of f64");
  return at::empty({weights.size(0)}, weights.options().dtype(at::kLong));
}

// x times a window that depends on its length.
at::Tensor apply_window(const at::Tensor& x) {
  TORCH_CHECK(x.dim() == 1 && x.scalar_type() == at::kDouble, "apply_window: expected a vector of f64");
  static at::Tensor window;
  // Mistake: a window that is long enough is used again, although it is another one.
  if (!mistaken || !window.defined() || window.size(0) < x.size(0))
    window = at::linspace(0, 1, std::max<int64_t>(x.size(0), 1), x.options());
  return x * window.slice(0, 0, x.size(0));
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("sum_without_grad(Tensor x) -> Tensor");
  m.def("absolute_below(Tensor x) -> Tensor");
  m.def("unit_steps(Tensor like, int steps) -> Tensor");
  m.def("copy_alone(Tensor x) -> Tensor");
  m.def("add_noise(Tensor x, float amount) -> Tensor");
  m.def("sample_rows(Tensor weights) -> Tensor");
  m.def("apply_window(Tensor x) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("sum_without_grad", author::sum_without_grad);
  m.impl("absolute_below", author::absolute_below);
  m.impl("unit_steps", author::unit_steps);
  m.impl("copy_alone", author::copy_alone);
  m.impl("add_noise", author::add_noise);
  m.impl("sample_rows", author::sample_rows);
  m.impl("apply_window", author::apply_window);
}
TORCH_LIBRARY_IMPL(author, Meta, m) { m.impl("sample_rows", author::sample_rows_meta); }
