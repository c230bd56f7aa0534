#include "engine/backends/copy.h"

#include "engine/backends/machine.h"
#include "engine/core/shape.h"
#include "engine/kernels/functors/exact.h"

namespace engine {

namespace {

using namespace functors;

// What memory must hold so that the tensor's lazy bits show the number, signs of zeros included.
Scalar stored_under_bits(const Tensor& tensor, const Scalar& number) {
  const bool negates = tensor.is_neg();
  if (is_complex(tensor.dtype())) {
    const std::complex<double> value = number.to_complex();
    const std::complex<double> stored = tensor.is_conj() ? std::conj(value) : value;
    return negates ? -stored : stored;
  }
  if (!negates) return number;
  return is_integral(tensor.dtype()) && number.is_integral() ? Scalar(math::neg(number.to_integer()))
                                                             : Scalar(-number.to_real());
}

// Copies between two contiguous tensors of one dtype, one of which may be in device memory.
void copy_bytes(const Tensor& to, const Tensor& from) {
  const auto bytes = static_cast<size_t>(from.element_count()) * size_of(from.dtype());
  const Tensor& owner = to.storage()->on_host() ? from : to;
  if (bytes > 0) owner.storage()->memory().copy(to.data(), from.data(), bytes);
}

// A contiguous copy of the elements in memory.
Tensor copied_to(const Tensor& from, Device device) {
  Tensor packed = from;
  if (!from.is_contiguous()) {
    packed = make_tensor(from.dtype(), from.sizes(), from.device());
    copy_elements(packed, from);
  }
  const Tensor made = make_tensor(from.dtype(), from.sizes(), device);
  copy_bytes(made, packed);
  return made;
}

const PointwiseKernel& kernel_for(bool negates, bool conjugates) {
  static const PointwiseKernel negated = pointwise_kernel<Neg, 1, all_dtype_set>();
  static const PointwiseKernel conjugated = pointwise_kernel<Conjugated, 1, complex_dtypes>();
  static const PointwiseKernel both = pointwise_kernel<NegatedConjugate, 1, complex_dtypes>();
  if (!conjugates) return negated;
  return negates ? both : conjugated;
}

// One zero, expanded, with the bits of the ZeroTensor: the zeros of a lazy negative are -0.
Tensor materialized(const Tensor& zero) {
  const Tensor one = make_tensor(zero.dtype(), {}, zero.device());
  fill_elements(one, Scalar(0));
  const Tensor all = one.view(zero.sizes(), Dims(zero.rank(), 0), 0);
  all.set_keys(all.keys() | (zero.keys() & KeySet{DispatchKey::Negative, DispatchKey::Conjugate}));
  return all;
}

}  // namespace

void fill_elements(const Tensor& to, const Scalar& number) {
  static const PointwiseKernel identity = pointwise_kernel<Identity, 1, all_dtype_set>();
  const PointwiseOperand operand{nullptr, stored_under_bits(to, number), true};
  run_pointwise(identity, to.dtype(), to, {&operand, 1});
}

void copy_elements(const Tensor& to, const Tensor& from) {
  if (to.device() != from.device()) return copy_elements(to, copied_to(from, to.device()));
  static const PointwiseKernel identity = pointwise_kernel<Identity, 1, all_dtype_set>();
  // Computes in the source's dtype, which loses nothing.
  const PointwiseOperand operand{&from, {}, false};
  run_pointwise(identity, from.dtype(), to, {&operand, 1});
}

Tensor truths_for(DType dtype, const Tensor& self) {
  if (dtype != DType::b8 || is_integral(self.dtype())) return self;
  const Tensor truths = make_tensor(DType::b8, self.sizes(), self.device());
  copy_elements(truths, self);
  return truths;
}

Tensor on_host(const Tensor& self) {
  return self.storage()->on_host() ? self : copied_to(self, DeviceType::cpu);
}

// Each side's bits apply in its own dtype: the lazy negative of 1 in u8 is 255, also when it is cast.
void copy_values(const Tensor& to, const Tensor& from) {
  if (from.is_zero()) return copy_values(to, materialized(from));
  if (to.device() != from.device()) {
    const Tensor plain = make_tensor(from.dtype(), from.sizes(), from.device());
    copy_values(plain, from);
    return copy_values(to, copied_to(plain, to.device()));
  }
  const bool to_plain = !to.is_neg() && !to.is_conj(), from_plain = !from.is_neg() && !from.is_conj();
  if (to_plain && from_plain) return copy_elements(to, from);
  if (to.dtype() != from.dtype()) {
    const Tensor between = make_tensor(from_plain ? to.dtype() : from.dtype(), from.sizes(), from.device());
    copy_values(between, from);
    return copy_values(to, between);
  }
  const bool negates = to.is_neg() != from.is_neg(), conjugates = to.is_conj() != from.is_conj();
  if (!negates && !conjugates) return copy_elements(to, from);
  const PointwiseOperand operand{&from, {}, false};
  run_pointwise(kernel_for(negates, conjugates), to.dtype(), to, {&operand, 1});
}

}  // namespace engine
