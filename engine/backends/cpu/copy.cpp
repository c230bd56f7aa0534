#include "engine/backends/cpu/copy.h"

#include <cstring>

#include "engine/backends/cpu/pointwise.h"
#include "engine/core/shape.h"

namespace engine::cpu {

namespace {

using namespace ops;

struct Negated {
  template <class T>
  T operator()(T x) const {
    return math::neg(x);
  }
};
struct Conjugated {
  template <class T>
  T operator()(T x) const {
    return math::conj(x);
  }
};
struct NegatedConjugate {
  template <class T>
  T operator()(T x) const {
    return math::neg(math::conj(x));
  }
};

const PointwiseKernel& kernel_for(bool negates, bool conjugates) {
  static const PointwiseKernel negated = pointwise_kernel<Negated, 1, all_dtype_set>();
  static const PointwiseKernel conjugated = pointwise_kernel<Conjugated, 1, complex_dtypes>();
  static const PointwiseKernel both = pointwise_kernel<NegatedConjugate, 1, complex_dtypes>();
  if (!conjugates) return negated;
  return negates ? both : conjugated;
}

// One zero for all elements, with the bits of the ZeroTensor: a lazy negative's zeros are -0.
Tensor real_zeros(const Tensor& zero) {
  const Tensor one = make_tensor(zero.dtype(), {}, zero.device());
  std::memset(one.data(), 0, size_of(one.dtype()));
  const Tensor all = one.view(zero.sizes(), Dims(zero.rank(), 0), 0);
  all.set_keys(all.keys() | (zero.keys() & KeySet{DispatchKey::Negative, DispatchKey::Conjugate}));
  return all;
}

}  // namespace

// A side's bits mean what they say in that side's own dtype: -1 of an u8 is 255 in any dtype.
void copy_values(const Tensor& to, const Tensor& from) {
  if (from.is_zero()) return copy_values(to, real_zeros(from));
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

}  // namespace engine::cpu
