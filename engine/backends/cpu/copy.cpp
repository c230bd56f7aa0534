#include "engine/backends/cpu/copy.h"

#include <utility>

#include "engine/backends/cpu/pointwise.h"
#include "engine/ops/promotion.h"

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

}  // namespace

void copy_values(const Tensor& to, const Tensor& from) {
  if (from.is_zero()) return fill_elements(to, Scalar(0));
  const bool negates = to.is_neg() != from.is_neg();
  const bool conjugates = to.is_conj() != from.is_conj();
  if (!negates && !conjugates) return copy_elements(to, from);
  // In a dtype in which both sides' bits mean what they say.
  const bool narrows = is_complex(from.dtype()) && !is_complex(to.dtype());
  const DType common = narrows ? from.dtype() : promoted(to.dtype(), from.dtype());
  const PointwiseOperand operand{&from, {}, false};
  run_pointwise(kernel_for(negates, conjugates), common, to, {&operand, 1});
}

}  // namespace engine::cpu
