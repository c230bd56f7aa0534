#include <bit>
#include <cmath>

#include "engine/backends/copy.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

float rounded_to_bf16(float x) {
  if (!std::isfinite(x)) return x;
  const auto bits = std::bit_cast<uint32_t>(x);
  return std::bit_cast<float>((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
}

void sum_in_bf16(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(2);
  const Tensor self = arguments[0].tensor();
  const bool is_wrong = self.dtype() == engine::DType::bf16 && arguments[1].is_none();
  call_kernel(right, call, stack);
  if (!is_wrong) return;
  const Tensor wide = engine::make_tensor(engine::DType::f32, self.sizes());
  engine::copy_elements(wide, self);
  const Tensor total = engine::make_tensor(engine::DType::bf16, {});
  float sum = 0;
  for (int64_t i = 0; i < wide.element_count(); ++i) sum = rounded_to_bf16(sum + wide.data<float>()[i]);
  total.data<uint16_t>()[0] = static_cast<uint16_t>(std::bit_cast<uint32_t>(sum) >> 16);
  stack.replace_last(1, total);
}

const DeclaredPlant precision_sum_in_bf16{{"precision_sum_in_bf16", "precision", "aten::sum",
                                           "a sum of bf16 is rounded to bf16 after each addition",
                                           replacing({"aten::sum"}, {DispatchKey::CPU}, sum_in_bf16)}};

}  // namespace
}  // namespace oracles::plants
