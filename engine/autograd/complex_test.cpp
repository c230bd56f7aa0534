// Complex gradients follow the conjugate Wirtinger convention: for a real loss L and z = x + iy, the gradient
// is dL/dx + i dL/dy.
#include <complex>

#include "engine/autograd/backward.h"
#include "engine/autograd/history.h"
#include "engine/operator_cases.h"

namespace engine::autograd {

namespace {

using ops::Operators;
using Complex = std::complex<double>;

Tensor complex_number(Complex value) {
  const Tensor made = make_tensor(DType::c128, {});
  made.data<double>()[0] = value.real();
  made.data<double>()[1] = value.imag();
  return made;
}
Complex number_in(const Tensor& tensor) {
  const Tensor plain = tensor;
  return {plain.data<double>()[0], plain.data<double>()[1]};
}

using Function = std::function<Tensor(Operators&, const Tensor&)>;

// The gradient that arrives at z if `gradient` arrives at f(z).
Complex gradient_at(Operators& ops, Complex z, const Function& f, const Tensor& gradient) {
  const Tensor leaf = complex_number(z);
  require_grad(leaf);
  backward(ops.dispatcher(), f(ops, leaf), gradient);
  return number_in(ops("aten::resolve_conj", {gradient_of(leaf)}));
}

TEST(ComplexGradient, HolomorphicFunctionMultipliesByTheConjugateDerivative) {
  Operators ops;
  const Function square = [](Operators& at, const Tensor& z) { return at("aten::mul.Tensor", {z, z}); };
  EXPECT_EQ(gradient_at(ops, {3, 4}, square, complex_number(1)), Complex(6, -8));
  EXPECT_EQ(gradient_at(ops, {3, 4}, square, complex_number({0, 1})), Complex(8, 6));
}

TEST(ComplexGradient, FunctionThatIsNotHolomorphicHasBothWirtingerDerivatives) {
  Operators ops;
  // w = z + 2 conj(z) = 3x - iy; the real part of the loss conj(g) w with g = a + ib is 3ax - by.
  const Function mixed = [](Operators& at, const Tensor& z) {
    const Tensor twice = at("aten::mul.Scalar", {at("aten::_conj", {z}), 2});
    return at("aten::add.Tensor", {z, twice});
  };
  EXPECT_EQ(gradient_at(ops, {3, 4}, mixed, complex_number({5, 7})), Complex(15, -7));
}

TEST(ComplexGradient, RealValuedFunctionHasTheGradientOfItsParts) {
  Operators ops;
  const Function squared_size = [](Operators& at, const Tensor& z) {
    const Tensor size = at("aten::abs", {z});
    return at("aten::mul.Tensor", {size, size});
  };
  const Complex found = gradient_at(ops, {3, 4}, squared_size, ops::tensor_of(DType::f64, {}, {1}));
  EXPECT_DOUBLE_EQ(found.real(), 6);
  EXPECT_DOUBLE_EQ(found.imag(), 8);
}

TEST(ComplexGradient, RealFactorGetsTheRealPart) {
  Operators ops;
  const Tensor factor = ops::tensor_of(DType::f64, {}, {2});
  require_grad(factor);
  const Tensor product = ops("aten::mul.Tensor", {factor, complex_number({3, 4})});
  backward(ops.dispatcher(), product, complex_number({1, 1}));
  EXPECT_EQ(ops::values_of(gradient_of(factor)), std::vector<double>{7});  // 3 * 1 + 4 * 1
}

}  // namespace

}  // namespace engine::autograd
