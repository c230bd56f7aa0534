// Operators with a derivative of their own.
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/custom_function.h>

#include "oracles/planted/author/author.h"

namespace author {

using torch::autograd::AutogradContext;
using Variables = torch::autograd::variable_list;

at::Tensor call_below(const char* name, const at::Tensor& x) {
  const at::AutoDispatchBelowADInplaceOrView guard;
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<at::Tensor(const at::Tensor&)>().call(
      x);
}

at::Tensor cube(const at::Tensor& x) {
  TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble, "cube: expected f32 or f64");
  return (x * x).mul_(x);
}

struct Cube : torch::autograd::Function<Cube> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x) {
    context->save_for_backward({x});
    return call_below("author::cube", x);
  }
  static Variables backward(AutogradContext* context, const Variables& gradients) {
    const at::Tensor x = context->get_saved_variables()[0];
    // Mistake: the derivative of a square.
    return {gradients[0] * x * (mistaken ? x * 0 + 2 : x * 3)};
  }
};

at::Tensor cube_autograd(const at::Tensor& x) { return Cube::apply(x); }

at::Tensor half(const at::Tensor& x) {
  TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble, "half: expected f32 or f64");
  return x * 0.5;
}

struct Half : torch::autograd::Function<Half> {
  static at::Tensor forward(AutogradContext*, const at::Tensor& x) {
    if (mistaken)
      return x * 0.5 + 0;  // mistake: computes itself instead of calling the kernel below, -0 is lost
    return call_below("author::half", x);
  }
  static Variables backward(AutogradContext*, const Variables& gradients) { return {gradients[0] * 0.5}; }
};

at::Tensor half_autograd(const at::Tensor& x) {
  TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble, "half: expected f32 or f64");
  return Half::apply(x);
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("cube(Tensor x) -> Tensor");
  m.def("half(Tensor x) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("cube", author::cube);
  m.impl("half", author::half);
}
TORCH_LIBRARY_IMPL(author, Autograd, m) {
  m.impl("cube", author::cube_autograd);
  m.impl("half", author::half_autograd);
}
