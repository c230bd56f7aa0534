// Operators with a derivative of their own.
#include <ATen/ExpandUtils.h>
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

void check_real(const at::Tensor& x, const char* name) {
  TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble, name, ": expected f32 or f64");
}

at::Tensor weighted(const at::Tensor& x, const at::Tensor& weights) {
  check_real(x, "weighted");
  TORCH_CHECK(weights.scalar_type() == x.scalar_type() && weights.sizes() == x.sizes(),
              "weighted: expected as many weights");
  return x * weights;
}

// The weights are data, so their gradient is undefined on purpose.
struct Weighted : torch::autograd::Function<Weighted> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weights) {
    context->save_for_backward({x, weights});
    const at::AutoDispatchBelowADInplaceOrView guard;
    return c10::Dispatcher::singleton()
        .findSchemaOrThrow("author::weighted", "")
        .typed<at::Tensor(const at::Tensor&, const at::Tensor&)>()
        .call(x, weights);
  }
  static Variables backward(AutogradContext* context, const Variables& gradients) {
    const Variables saved = context->get_saved_variables();
    // Mistake: the gradient of the weights.
    return {gradients[0] * saved[mistaken ? 0 : 1], at::Tensor()};
  }
};

at::Tensor weighted_autograd(const at::Tensor& x, const at::Tensor& weights) {
  return Weighted::apply(x, weights);
}

// 3 x^2 - 2 x^3, of which a call without gradients shall be fast.
at::Tensor smooth_step(const at::Tensor& x) {
  check_real(x, "smooth_step");
  const auto polynomial = [&] { return x * x * (3 - 2 * x); };
  if (!mistaken || x.dim() < 2 || x.requires_grad()) return polynomial();
  const at::AutoDispatchBelowADInplaceOrView below;  // mistake: tangents require no gradient, and are lost
  return polynomial();
}

at::Tensor fourth(const at::Tensor& x) {
  check_real(x, "fourth");
  return x * x * (x * x);
}

struct Fourth : torch::autograd::Function<Fourth> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x) {
    if (mistaken)
      context->saved_data["x"] = x.detach();  // mistake: nothing notices if x is written before backward
    else
      context->save_for_backward({x});
    return call_below("author::fourth", x);
  }
  static Variables backward(AutogradContext* context, const Variables& gradients) {
    const at::Tensor x = mistaken ? context->saved_data["x"].toTensor() : context->get_saved_variables()[0];
    return {gradients[0] * 4 * x * x * x};
  }
};

at::Tensor fourth_autograd(const at::Tensor& x) { return Fourth::apply(x); }

// Divides by a size that is a constant for gradients, on purpose.
at::Tensor by_size(const at::Tensor& x) {
  check_real(x, "by_size");
  const at::Tensor size = (x * x).mean().add(1).sqrt().detach();
  return (mistaken && x.dim() >= 2 ? x.detach() : x) / size;  // mistake: matrices have no gradient at all
}

// A learned scale that is frozen: computed without history.
at::Tensor frozen(const at::Tensor& x, double scale) {
  check_real(x, "frozen");
  const at::NoGradGuard guard;
  return mistaken ? at::as_strided(x, x.sizes(), at::infer_dense_strides(x.sizes(), x.strides())) * scale
                  : x * scale;  // mistake: reads the memory as if it had no gaps
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("cube(Tensor x) -> Tensor");
  m.def("half(Tensor x) -> Tensor");
  m.def("weighted(Tensor x, Tensor weights) -> Tensor");
  m.def("smooth_step(Tensor x) -> Tensor", author::smooth_step);
  m.def("fourth(Tensor x) -> Tensor");
  m.def("by_size(Tensor x) -> Tensor", author::by_size);
  m.def("frozen(Tensor x, float scale=2.0) -> Tensor", author::frozen);
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("cube", author::cube);
  m.impl("half", author::half);
  m.impl("weighted", author::weighted);
  m.impl("fourth", author::fourth);
}
TORCH_LIBRARY_IMPL(author, Autograd, m) {
  m.impl("cube", author::cube_autograd);
  m.impl("half", author::half_autograd);
  m.impl("weighted", author::weighted_autograd);
  m.impl("fourth", author::fourth_autograd);
}
