// Gradients and Hessian-vector products of a network with two layers agree with central differences, in f64.
#include <cmath>

#include "engine/autograd/backward.h"
#include "engine/autograd/forward_mode.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/operator_cases.h"

namespace engine::autograd {

namespace {

using ops::Operators;
using Numbers = std::vector<double>;

// Numbers between -1 and 1 that depend on the place.
Tensor waves(IntSpan sizes, double phase) {
  Numbers values(static_cast<size_t>(element_count(sizes)));
  for (size_t i = 0; i < values.size(); ++i) values[i] = std::sin(phase + 1.7 * static_cast<double>(i));
  return ops::tensor_of(DType::f64, sizes, values);
}

// The mean of the squared differences between tanh(x w1 + b1) w2 + b2 and the targets.
class Network {
 public:
  using Weights = std::vector<Tensor>;  // w1, b1, w2, b2

  static Weights weights(double phase) {
    return {waves({3, 5}, phase), waves({5}, phase + 1), waves({5, 2}, phase + 2), waves({2}, phase + 3)};
  }

  Tensor loss(const Weights& w) {
    const Tensor hidden = op("aten::tanh", {affine(x_, w[0], w[1])});
    const Tensor difference = op("aten::sub.Tensor", {affine(hidden, w[2], w[3]), targets_});
    return op("aten::mean", {op("aten::mul.Tensor", {difference, difference})});
  }

  Weights gradients(const Weights& w, bool recorded) {
    const Tensor result = loss(w);
    const Seed seed{edge_of(result), op("aten::ones_like", {result})};
    return grad(op.dispatcher(), {&seed, 1}, w, {.create_graph = recorded});
  }

  // `step` further along the direction, as leaves.
  Weights moved(const Weights& w, const Weights& direction, double step) {
    const NoGrad off;
    Weights made;
    for (size_t i = 0; i < w.size(); ++i) {
      made.push_back(op("aten::add.Tensor", {w[i], op("aten::mul.Scalar", {direction[i], step})}));
      require_grad(made.back());
    }
    return made;
  }

  Operators op;

 private:
  Tensor affine(const Tensor& x, const Tensor& w, const Tensor& b) {
    return op("aten::add.Tensor", {op("aten::mm", {x, w}), b});
  }

  Tensor x_ = waves({4, 3}, 0.5), targets_ = waves({4, 2}, 0.9);
};

constexpr double step = 0x1p-16, tolerance = 1e-8;

double dot(const Network::Weights& a, const Network::Weights& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const Numbers left = ops::values_of(a[i]), right = ops::values_of(b[i]);
    for (size_t k = 0; k < left.size(); ++k) sum += left[k] * right[k];
  }
  return sum;
}

void expect_near(const Network::Weights& found, const Network::Weights& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (size_t i = 0; i < found.size(); ++i) {
    const Numbers left = ops::values_of(found[i]), right = ops::values_of(wanted[i]);
    ASSERT_EQ(left.size(), right.size());
    for (size_t k = 0; k < left.size(); ++k) EXPECT_NEAR(left[k], right[k], tolerance) << i << ", " << k;
  }
}

// (gradients(w + step v) - gradients(w - step v)) / (2 step)
Network::Weights hessian_differences(Network& net, const Network::Weights& w, const Network::Weights& v) {
  const auto above = net.gradients(net.moved(w, v, step), false);
  const auto below = net.gradients(net.moved(w, v, -step), false);
  const NoGrad off;
  Network::Weights made;
  for (size_t i = 0; i < w.size(); ++i)
    made.push_back(net.op("aten::div.Scalar", {net.op("aten::sub.Tensor", {above[i], below[i]}), 2 * step}));
  return made;
}

TEST(Network, GradientOfEachWeightIsTheCentralDifference) {
  Network net;
  const auto w = Network::weights(0.2), still = net.moved(w, w, 0);
  const auto gradients = net.gradients(still, false);
  for (size_t i = 0; i < w.size(); ++i)
    for (int64_t k = 0; k < w[i].element_count(); ++k) {
      Network::Weights unit;
      for (const Tensor& each : w) unit.push_back(net.op("aten::zeros_like", {each}));
      unit[i].data<double>()[k] = 1;
      const auto loss_at = [&](double by) { return ops::values_of(net.loss(net.moved(w, unit, by)))[0]; };
      EXPECT_NEAR(dot(gradients, unit), (loss_at(step) - loss_at(-step)) / (2 * step), tolerance)
          << "weight " << i << ", element " << k;
    }
}

TEST(Network, HessianVectorProductByReverseOverReverseIsTheCentralDifference) {
  Network net;
  const auto w = net.moved(Network::weights(0.2), Network::weights(0), 0), v = Network::weights(4);
  const auto gradients = net.gradients(w, true);
  std::vector<Seed> seeds;
  for (size_t i = 0; i < w.size(); ++i) seeds.push_back({edge_of(gradients[i]), v[i]});
  expect_near(grad(net.op.dispatcher(), seeds, w), hessian_differences(net, w, v));
}

TEST(Network, HessianVectorProductByForwardOverReverseIsTheCentralDifference) {
  Network net;
  const auto w = net.moved(Network::weights(0.2), Network::weights(0), 0), v = Network::weights(4);
  const DualLevel level;
  Network::Weights duals, tangents;
  for (size_t i = 0; i < w.size(); ++i) duals.push_back(make_dual(w[i], v[i], level.id()));
  for (const Tensor& each : net.gradients(duals, false))
    tangents.push_back(tangent_of(net.op.dispatcher(), each, level.id()));
  expect_near(tangents, hessian_differences(net, w, v));
}

TEST(Network, HessianVectorProductByReverseOverForwardIsTheCentralDifference) {
  Network net;
  const auto w = net.moved(Network::weights(0.2), Network::weights(0), 0), v = Network::weights(4);
  const DualLevel level;
  Network::Weights duals;
  for (size_t i = 0; i < w.size(); ++i) duals.push_back(make_dual(w[i], v[i], level.id()));
  const Tensor slope = tangent_of(net.op.dispatcher(), net.loss(duals), level.id());
  const Seed seed{edge_of(slope), net.op("aten::ones_like", {slope})};
  expect_near(grad(net.op.dispatcher(), {&seed, 1}, w), hessian_differences(net, w, v));
}

}  // namespace

}  // namespace engine::autograd
