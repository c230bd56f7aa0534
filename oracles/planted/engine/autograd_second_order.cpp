#include "engine/autograd/grad_mode.h"
#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles::plants {
namespace {

std::vector<Tensor> detached(engine::ops::Backward& at, std::vector<Tensor> right) {
  if (engine::autograd::GradMode::enabled()) right[0] = at.ops("aten::detach", {right[0]});
  return right;
}

const DeclaredPlant autograd_second_order{
    {"autograd_second_order", "autograd", "aten::sin*",
     "the gradient of sin is not recorded: its second derivative is missing",
     with_wrong_derivative("aten::sin", detached)}};

}  // namespace
}  // namespace oracles::plants
