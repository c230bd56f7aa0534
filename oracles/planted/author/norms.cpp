// Normalisations, with out= and in-place forms.
#include "oracles/planted/author/author.h"

namespace author {

void check_norm(const at::Tensor& x, const OptionalTensor& weight) {
  require_floating(x, "rms_norm");
  TORCH_CHECK(x.dim() >= 1, "rms_norm: expected at least one dimension");
  if (weight.has_value())
    TORCH_CHECK(
        weight->dim() == 1 && weight->size(0) == x.size(-1) && weight->scalar_type() == x.scalar_type(),
        "rms_norm: expected a weight of ", x.size(-1), " elements");
}

at::Tensor rms_norm(const at::Tensor& x, const OptionalTensor& weight, double eps) {
  check_norm(x, weight);
  at::Tensor y = x * at::rsqrt(x.pow(2).mean(-1, true) + eps);
  if (weight.has_value()) y = y * *weight;
  return y.contiguous();
}

at::Tensor rms_norm_meta(const at::Tensor& x, const OptionalTensor& weight, double) {
  check_norm(x, weight);
  // Mistake: keeps the strides of x, where the kernel returns a contiguous tensor.
  return mistaken ? at::empty_like(x) : at::empty(x.sizes(), x.options());
}

at::Tensor layer_norm(const at::Tensor& x, double eps) {
  require_floating(x, "layer_norm");
  TORCH_CHECK(x.dim() >= 1, "layer_norm: expected at least one dimension");
  const at::Tensor mean = x.mean(-1, true);
  const at::Tensor centred = x - mean;
  return (centred * at::rsqrt(centred.pow(2).mean(-1, true) + eps)).contiguous();
}

at::Tensor& layer_norm_out(const at::Tensor& x, double eps, at::Tensor& out) {
  const at::Tensor y = layer_norm(x, eps);
  if (mistaken) {  // mistake: does not resize out
    out.flatten().slice(0, 0, y.numel()).copy_(y.flatten().slice(0, 0, out.numel()));
    return out;
  }
  TORCH_CHECK(out.scalar_type() == y.scalar_type(), "layer_norm: out has another dtype");
  if (out.sizes() != y.sizes()) out.resize_(y.sizes());
  return out.copy_(y);
}

at::Tensor softcap(const at::Tensor& x, double cap) {
  require_floating(x, "softcap");
  return at::tanh(x / cap) * cap;
}

at::Tensor& softcap_(at::Tensor& x, double cap) {
  require_floating(x, "softcap_");
  if (mistaken) return x.tanh_().mul_(cap);  // mistake: forgets to divide
  return x.div_(cap).tanh_().mul_(cap);
}

at::Tensor scale(const at::Tensor& x, double by) {
  TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble, "scale: expected f32 or f64");
  return (x * by).contiguous();
}

at::Tensor& scale_out(const at::Tensor& x, double by, at::Tensor& out) {
  const at::Tensor y = scale(x, by);
  // Mistake: accepts any dtype and copies bytes.
  if (!mistaken) TORCH_CHECK(out.scalar_type() == y.scalar_type(), "scale: out has another dtype");
  if (out.sizes() != y.sizes()) out.resize_(y.sizes());
  if (out.scalar_type() == y.scalar_type()) return out.copy_(y);
  if (out.is_contiguous()) std::memcpy(out.data_ptr(), y.data_ptr(), std::min(out.nbytes(), y.nbytes()));
  wrote(out);
  return out;
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("rms_norm(Tensor x, Tensor? weight=None, float eps=1e-6) -> Tensor");
  m.def("layer_norm(Tensor x, float eps=1e-5) -> Tensor");
  m.def("layer_norm.out(Tensor x, float eps=1e-5, *, Tensor(a!) out) -> Tensor(a!)");
  m.def("softcap(Tensor x, float cap=30.0) -> Tensor");
  m.def("softcap_(Tensor(a!) x, float cap=30.0) -> Tensor(a!)");
  m.def("scale(Tensor x, float by) -> Tensor");
  m.def("scale.out(Tensor x, float by, *, Tensor(a!) out) -> Tensor(a!)");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("rms_norm", author::rms_norm);
  m.impl("layer_norm", author::layer_norm);
  m.impl("layer_norm.out", author::layer_norm_out);
  m.impl("softcap", author::softcap);
  m.impl("softcap_", author::softcap_);
  m.impl("scale", author::scale);
  m.impl("scale.out", author::scale_out);
}
TORCH_LIBRARY_IMPL(author, Meta, m) { m.impl("rms_norm", author::rms_norm_meta); }
