#include "oracles/subjects/torch/stack_below.h"

#include <ATen/ops/full.h>

#include <algorithm>
#include <array>

namespace oracles::aten {

namespace {

using Tensors = std::array<at::Tensor, 3>;

// They live as long as the process: a run must not count their memory.
const Tensors& tensors(bool other_pattern) {
  const auto made = [](double first) {
    return Tensors{at::full({1}, first), at::full({1}, first + 1), at::full({1}, first + 2)};
  };
  static const Tensors usual = made(3), other = made(-7);
  return other_pattern ? other : usual;
}

}  // namespace

void StackBelow::push(torch::jit::Stack& stack) const {
  const Tensors& below = tensors(other_pattern_);
  stack.insert(stack.end(), below.begin(), below.end());
}

bool StackBelow::take(torch::jit::Stack& stack) const {
  const Tensors& below = tensors(other_pattern_);
  const auto is_same = [](const at::Tensor& tensor, const c10::IValue& value) {
    return value.isTensor() && tensor.is_same(value.toTensor());
  };
  if (stack.size() < below.size() || !std::equal(below.begin(), below.end(), stack.begin(), is_same))
    return false;
  stack.erase(stack.begin(), stack.begin() + static_cast<std::ptrdiff_t>(below.size()));
  return true;
}

}  // namespace oracles::aten
