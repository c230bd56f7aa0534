#include "oracles/subjects/engine/engine_gradients.h"

#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/ops/formulas.h"
#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/subjects/engine/engine_run.h"
#include "oracles/trial/storage_layers.h"

namespace oracles {

using corpora::LayerKind;

namespace autograd = engine::autograd;

namespace {

// A contiguous tensor with these bytes.
engine::Tensor tensor_of(engine::DType dtype, engine::IntSpan sizes, engine::Device device,
                         const std::vector<std::byte>& bytes) {
  const engine::Tensor made = engine::make_tensor(dtype, sizes, device);
  const engine::Storage& storage = made.storage();
  if (!bytes.empty()) storage->memory().copy(storage->data(), bytes.data(), bytes.size());
  return made;
}

engine::Tensor flat(const EngineInputs::Unit& unit, const std::vector<std::byte>& bytes) {
  const auto elements = static_cast<int64_t>(bytes.size() / engine::size_of(unit.dtype));
  return tensor_of(unit.dtype, {elements}, unit.storage->device(), bytes);
}

// A copy of the leaf with the same values and the lazy bits of `on`.
engine::Tensor transformed_copy(const engine::ops::Formulas& ops, engine::Tensor leaf,
                                const corpora::LayerSet& on) {
  const auto toggled = [&](engine::Tensor tensor) {
    if (on.has(LayerKind::conj)) tensor = ops("aten::_conj", {tensor});
    if (on.has(LayerKind::neg)) tensor = ops("aten::_neg_view", {tensor});
    return tensor;
  };
  return toggled(ops("aten::clone", {toggled(std::move(leaf))}));
}

// Half the cotangent, because backward runs twice, which also tests that leaves accumulate gradients.
engine::Tensor half_cotangent(const engine::Tensor& result, size_t call, size_t k) {
  const auto parts = static_cast<size_t>(components_of(result.dtype()));
  const size_t width = engine::size_of(result.dtype()) / parts;
  const std::vector<double> numbers = cotangent(call, k, static_cast<size_t>(result.element_count()) * parts);
  std::vector<std::byte> bytes(numbers.size() * width);
  for (size_t i = 0; i < numbers.size(); ++i)
    store_component(result.dtype(), numbers[i] / 2, bytes.data() + i * width);
  return tensor_of(result.dtype(), result.sizes(), result.device(), bytes);
}

}  // namespace

EngineGradients::EngineGradients(engine::Dispatcher& dispatcher, EngineInputs& inputs, const corpora::Case& c,
                                 const corpora::Image& image, const corpora::Path& path)
    : dispatcher_(dispatcher), inputs_(inputs), leaves_(c.storages.size()) {
  const engine::ops::Formulas ops(dispatcher);
  const LayersByStorage layers = layers_by_storage(c, path);
  std::vector<engine::Tensor> bases(leaves_.size());
  for (size_t s = 0; s < bases.size(); ++s) {
    EngineInputs::Unit& unit = inputs.storages[s];
    if (!autograd::differentiable(unit.dtype)) continue;
    const engine::Tensor source = flat(unit, image.storages[s]);
    if (!layers[s].has(LayerKind::constant)) autograd::require_grad(leaves_[s] = source);
    bases[s] = layers[s].has(LayerKind::leaf) ? source : transformed_copy(ops, source, layers[s]);
    unit.storage = bases[s].storage();
  }
  for (EngineInputs::Input& input : inputs.inputs) {
    const engine::Tensor& base = bases[input.unit];
    if (!base.defined()) continue;
    const autograd::GradMode mode(!layers[input.unit].has(LayerKind::unrecorded));
    input.passed = input.tensor = ops("aten::as_strided", {base, input.sizes, input.strides, input.offset});
  }
  if (inputs.python.fake) inputs.make_fakes();
}

void EngineGradients::seed(size_t call, std::span<const engine::Tensor> results) {
  for (size_t k = 0; k < results.size(); ++k) {
    const engine::Tensor& result = results[k];
    constexpr int64_t elements_max = 1 << 16;  // gradients have memory for each element, views need not
    if (!result.defined() || !autograd::differentiable(result.dtype())) continue;
    if (result.element_count() > elements_max) continue;
    if (autograd::Edge at = autograd::edge_of(result))
      seeds_.push_back({std::move(at), half_cotangent(result, call, k)});
  }
}

BackwardOutcome EngineGradients::run() const {
  BackwardOutcome outcome;
  CallOutcome ended;
  attempt(ended, [&] {
    for (int half = 0; half < 2; ++half) autograd::backward(dispatcher_, seeds_);
  });
  if (ended.status != Status::returned) {
    outcome.status = ended.status;
    outcome.error_class = ended.error_class;
    outcome.message = ended.message;
    return outcome;
  }
  EngineSnapshots snapshots(inputs_, static_cast<int32_t>(leaves_.size()));
  for (const engine::Tensor& leaf : leaves_)
    snapshots.tensor(leaf.defined() ? autograd::gradient_of(leaf) : leaf, outcome.gradients.emplace_back());
  return outcome;
}

}  // namespace oracles
