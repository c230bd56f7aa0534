// Derivatives against finite differences along ones, in f64.
#include <cmath>

#include "engine/operator_cases.h"

namespace engine::ops {

namespace {

double total(Operators& ops, const Tensor& x) { return values_of(ops("aten::sum", {x})).front(); }

// d sum(op(x)) along ones, for each tensor argument.
void check(Operators& ops, const std::string& name, const std::vector<Value>& given) {
  const Operator handle = ops.dispatcher().op(name);
  const DeclaredForm declared = declared_form(name);
  Stack inputs = normalized(handle.schema(), given);
  const std::vector<Value> arguments(inputs.begin(), inputs.end());
  const Tensor result = ops(name, given);
  Backward at(ops.dispatcher(), handle.schema(), arguments, {result}, {ops("aten::ones_like", {result})});
  const std::vector<Tensor> slopes = declared.declaration->derivative.formula(at);
  size_t slope = 0;
  for (size_t i = 0; i < given.size(); ++i) {
    if (!given[i].is_tensor()) continue;
    if (!is_floating(given[i].tensor().dtype())) {
      EXPECT_FALSE(slopes[slope++].defined()) << name;
      continue;
    }
    constexpr double step = 1e-6;
    const auto moved = [&](double by) {
      std::vector<Value> changed = given;
      changed[i] = ops("aten::add.Scalar", {changed[i], by});
      return total(ops, ops(name, changed));
    };
    const double expected = (moved(step) - moved(-step)) / (2 * step);
    ASSERT_LT(slope, slopes.size()) << name;
    EXPECT_EQ(slopes[slope].sizes(), given[i].tensor().sizes()) << name;
    EXPECT_NEAR(total(ops, slopes[slope]), expected, 1e-6 * (1 + std::fabs(expected))) << name << i;
    ++slope;
  }
}

// Whether the operator takes one tensor, and no other argument must be given.
bool is_unary(const Schema& schema) {
  const auto has_default = [](const Argument& argument) { return argument.default_value.has_value(); };
  return !schema.arguments.empty() && schema.arguments[0].type.kind == TypeKind::tensor &&
         std::all_of(schema.arguments.begin() + 1, schema.arguments.end(), has_default);
}

// Whether the operator gives finite real numbers there.
bool is_real_at(Operators& ops, const std::string& name, const Tensor& x) {
  try {
    const Tensor result = ops(name, {x});
    return is_floating(result.dtype()) && std::isfinite(total(ops, result));
  } catch (const Error&) {
    return false;  // for complex numbers only
  }
}

TEST(Derivatives, OfUnaryOperatorsMatchFiniteDifferences) {
  Operators ops;
  const Tensor small = tensor_of(DType::f64, {2, 3}, {0.3, 0.7, 0.1, 0.9, 0.2, 0.45});
  const Tensor large = tensor_of(DType::f64, {2, 3}, {1.3, 1.7, 1.1, 1.9, 2.2, 2.3});
  int checked = 0;
  for (const OperatorDeclaration* declaration : all_declarations()) {
    const std::string name = declaration->functional.substr(0, declaration->functional.find('('));
    if (!declaration->derivative || name.empty() || !is_unary(ops.dispatcher().op(name).schema())) continue;
    for (const Tensor& x : {small, large}) {
      if (!is_real_at(ops, name, x)) continue;
      check(ops, name, {x});
      ++checked;
    }
  }
  EXPECT_GT(checked, 60);
}

TEST(Derivatives, MatchFiniteDifferences) {
  Operators ops;
  const Tensor a = tensor_of(DType::f64, {2, 3}, {0.3, 0.7, 1.1, 1.9, 0.2, 2.3});
  const Tensor b = tensor_of(DType::f64, {3}, {1.2, 0.4, 0.9});
  const Tensor m = tensor_of(DType::f64, {3, 2}, {0.5, 1.5, 2.5, 0.1, 0.6, 1});
  for (const char* name :
       {"add.Tensor", "sub.Tensor", "mul.Tensor", "div.Tensor", "atan2", "maximum", "minimum"})
    check(ops, "aten::" + std::string(name), {a, b});
  check(ops, "aten::mul.Scalar", {a, 1.5});
  check(ops, "aten::div.Scalar", {a, 1.5});
  check(ops, "aten::sum.dim_IntList", {a, Dims{0}});
  check(ops, "aten::mean.dim", {a, Dims{1}, true});
  check(ops, "aten::amax", {a, Dims{1}});
  check(ops, "aten::mm", {a, m});
  check(ops, "aten::mv", {a, b});
  check(ops, "aten::dot", {b, b});
  check(ops, "aten::addmm", {tensor_of(DType::f64, {2}, {1, 2}), a, m});
  check(ops, "aten::_log_softmax", {a, 1, false});
  check(ops, "aten::clamp", {a, 0.5, 1.5});
  check(ops, "aten::view", {a, Dims{6}});
  check(ops, "aten::expand", {b, Dims{2, 3}});
  check(ops, "aten::select.int", {a, 0, 1});
  check(ops, "aten::slice.Tensor", {a, 1, 0, 2, 1});
  check(ops, "aten::permute", {a, Dims{1, 0}});
  check(ops, "aten::tril", {a});
  check(ops, "aten::addcmul", {a, b, a});
  check(ops, "aten::addcdiv", {a, b, a});
  check(ops, "aten::prod", {a});
  check(ops, "aten::prod.dim_int", {a, 1});
  check(ops, "aten::prod.dim_int", {a, 0, true});
  check(ops, "aten::prod", {tensor_of(DType::f64, {4}, {2, 0, 3, 0.5})});
  check(ops, "aten::pow.Tensor_Scalar", {a, 1.5});
  check(ops, "aten::pow.Tensor_Tensor", {a, b});
  check(ops, "aten::remainder.Tensor", {a, b});
  check(ops, "aten::cumsum", {a, 1});
  const Tensor chosen = tensor_of(DType::i64, {3}, {1, 0, 1});
  check(ops, "aten::index_select", {a, 0, chosen});
  check(ops, "aten::gather", {b, 0, chosen});
  check(ops, "aten::scatter_add", {b, 0, chosen, tensor_of(DType::f64, {4}, {1, 2, 3, 4})});
  check(ops, "aten::as_strided", {a, Dims{2, 2}, Dims{1, 2}, 1});
  check(ops, "aten::lerp.Tensor", {a, b, tensor_of(DType::f64, {3}, {0.2, 0.7, 0.4})});
}

}  // namespace

}  // namespace engine::ops
