#include "oracles/subjects/engine/engine_duals.h"

#include <algorithm>

#include "engine/ops/formulas.h"
#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/tangents.h"
#include "oracles/subjects/engine/engine_snapshot.h"

namespace oracles {

namespace autograd = engine::autograd;

namespace {

engine::Tensor tangent_tensor(engine::DType dtype, engine::Device device,
                              const std::vector<double>& numbers) {
  if (std::ranges::all_of(numbers, [](double number) { return number == 0; }))
    return engine::make_zero_tensor(dtype, {static_cast<int64_t>(numbers.size()) / components_of(dtype)},
                                    device);
  const size_t width = engine::size_of(dtype) / static_cast<size_t>(components_of(dtype));
  std::vector<std::byte> bytes(numbers.size() * width);
  for (size_t i = 0; i < numbers.size(); ++i) store_component(dtype, numbers[i], bytes.data() + i * width);
  const engine::Tensor made =
      engine::make_tensor(dtype, {static_cast<int64_t>(numbers.size()) / components_of(dtype)}, device);
  if (!bytes.empty()) made.storage()->memory().copy(made.storage()->data(), bytes.data(), bytes.size());
  return made;
}

}  // namespace

EngineDuals::EngineDuals(engine::Dispatcher& dispatcher, EngineInputs& inputs, const corpora::Case& c)
    : dispatcher_(dispatcher), inputs_(inputs), storages_(static_cast<int32_t>(c.storages.size())) {
  const TangentDraw draw = TangentDraw::of(inputs.dual);
  const Point tangents = tangents_of(c, draw);
  std::vector<engine::Tensor> bases(c.storages.size());
  for (size_t s = 0; s < bases.size(); ++s) {
    const EngineInputs::Unit& unit = inputs.storages[s];
    if (!is_differentiable(unit.dtype) || draw.holds(s)) continue;
    engine::Tensor base = engine::Tensor::over(unit.storage, unit.dtype, {c.storages[s].elements}, {1});
    base.set_keys(base.keys() | unit.base);
    bases[s] = autograd::make_dual(base, tangent_tensor(unit.dtype, base.device(), tangents[s]), level_.id());
  }
  const engine::ops::Formulas ops(dispatcher);
  for (EngineInputs::Input& input : inputs.inputs)
    if (const engine::Tensor& base = bases[input.unit]; base.defined())
      input.passed = input.tensor = ops("aten::as_strided", {base, input.sizes, input.strides, input.offset});
}

void EngineDuals::after_call(std::span<const engine::Tensor> results) {
  for (const engine::Tensor& result : results) {
    TensorSnapshot& tangent = tangents_.gradients.emplace_back();
    const engine::Tensor found = autograd::tangent_of(dispatcher_, result, level_.id());
    tangent.defined = found.defined();
    if (found.defined()) EngineSnapshots(inputs_, storages_).tensor(found, tangent);
  }
}

}  // namespace oracles
