// Gradients of operators that choose elements by a mask.
#include <optional>

#include "engine/autograd/backward.h"
#include "engine/autograd/history.h"
#include "engine/operator_cases.h"

namespace engine::autograd {
namespace {

TEST(MaskGradients, GoToTheChosenElements) {
  ops::Operators ops;
  using Numbers = std::vector<double>;
  const auto gradient = [&](const std::string& op, const Value& mask) {
    const Tensor x = ops::tensor_of(DType::f32, {3, 2}, Numbers(6, 1));
    require_grad(x);
    const Tensor chosen = ops(op, {x, mask});
    backward(ops.dispatcher(), chosen, ops::tensor_of(DType::f32, {4}, {1, 2, 3, 4}));
    return ops::values_of(gradient_of(x));
  };
  const Tensor mask = ops::tensor_of(DType::b8, {3, 2}, {1, 0, 1, 1, 0, 1});
  EXPECT_EQ(gradient("aten::masked_select", mask), (Numbers{1, 0, 2, 3, 0, 4}));
  EXPECT_EQ(gradient("aten::index.Tensor", std::vector<std::optional<Tensor>>{mask}),
            (Numbers{1, 0, 2, 3, 0, 4}));
}

}  // namespace
}  // namespace engine::autograd
