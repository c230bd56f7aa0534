#include "oracles/subjects/engine/engine_gradients.h"

#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/ops/formulas.h"
#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/incoming_draw.h"
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

// The tensor stored in another way, with the same values.
engine::Tensor stored_as(const engine::ops::Formulas& ops, const engine::Tensor& gradient,
                         GradientForm form) {
  const engine::IntSpan sizes = gradient.sizes();
  if (form == GradientForm::lazy) {
    const engine::Tensor negated = ops("aten::_neg_view", {ops("aten::neg", {gradient})});
    return negated;
  }
  if (form == GradientForm::plain) return gradient;
  engine::Dims strides = engine::contiguous_strides(sizes);
  if (form != GradientForm::sliced) {
    int64_t stride = 1;
    for (size_t d = 0; d < sizes.size(); ++d) {
      strides[d] = stride;
      stride *= sizes[d];
    }
  }
  if (form != GradientForm::transposed)
    for (int64_t& stride : strides) stride *= 2;
  const engine::Tensor made =
      engine::make_strided_tensor(gradient.dtype(), sizes, strides, gradient.device());
  ops("aten::copy_", {made, gradient});
  return made;
}

// The cotangent times `factor`.
engine::Tensor scaled_cotangent(const engine::Tensor& result, size_t call, size_t k, double factor) {
  const auto parts = static_cast<size_t>(components_of(result.dtype()));
  const size_t width = engine::size_of(result.dtype()) / parts;
  const std::vector<double> numbers = cotangent(call, k, static_cast<size_t>(result.element_count()) * parts);
  std::vector<std::byte> bytes(numbers.size() * width);
  for (size_t i = 0; i < numbers.size(); ++i)
    store_component(result.dtype(), numbers[i] * factor, bytes.data() + i * width);
  return tensor_of(result.dtype(), result.sizes(), result.device(), bytes);
}

}  // namespace

EngineGradients::EngineGradients(engine::Dispatcher& dispatcher, EngineInputs& inputs, const corpora::Case& c,
                                 const corpora::Image& image, const corpora::Path& path)
    : dispatcher_(dispatcher), inputs_(inputs), leaves_(c.storages.size()) {
  const engine::ops::Formulas ops(dispatcher);
  const LayersByStorage layers = layers_by_storage(c, path);
  for (const corpora::Layer& layer : path) {
    if (layer.kind == LayerKind::incoming) incoming_ = layer.storage;
    if (layer.kind == LayerKind::second) second_ = true;
  }
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

// Half the cotangent, because backward runs twice, which also tests that leaves accumulate gradients.
void EngineGradients::seed(size_t call, std::span<const engine::Tensor> results) {
  const engine::ops::Formulas ops(dispatcher_);
  const autograd::NoGrad off;
  for (size_t k = 0; k < results.size(); ++k) {
    const engine::Tensor& result = results[k];
    constexpr int64_t elements_max = 1 << 16;  // gradients have memory for each element, views need not
    if (!result.defined() || !autograd::differentiable(result.dtype())) continue;
    if (result.element_count() > elements_max) continue;
    autograd::Edge at = autograd::edge_of(result);
    if (!at) continue;
    const IncomingDraw draw = incoming_ < 0 ? IncomingDraw() : incoming_draw(incoming_, call, k);
    const engine::Tensor gradient = scaled_cotangent(result, call, k, second_ ? 1 : 0.5);
    seeds_.push_back({std::move(at), draw.defined ? stored_as(ops, gradient, draw.form) : engine::Tensor()});
  }
}

void EngineGradients::run_twice() const {
  for (int half = 0; half < 2; ++half) autograd::backward(dispatcher_, seeds_);
}

// Runs backwards and records that. The second pass starts at the gradients that have a history.
void EngineGradients::run_second() const {
  std::vector<engine::Tensor> inputs;
  std::vector<size_t> storages;
  for (size_t s = 0; s < leaves_.size(); ++s)
    if (leaves_[s].defined()) {
      inputs.push_back(leaves_[s]);
      storages.push_back(s);
    }
  const autograd::Gradients first =
      autograd::grad(dispatcher_, seeds_, inputs, {.create_graph = true, .allow_unused = true});
  Seeds second;
  for (size_t i = 0; i < first.size(); ++i) {
    if (!first[i].defined()) continue;
    autograd::Edge at = autograd::edge_of(first[i]);
    if (!at) continue;
    const auto parts = static_cast<size_t>(components_of(first[i].dtype()));
    const std::vector<double> numbers =
        gradient_weights(storages[i], static_cast<size_t>(first[i].element_count()) * parts);
    const size_t width = engine::size_of(first[i].dtype()) / parts;
    std::vector<std::byte> bytes(numbers.size() * width);
    for (size_t n = 0; n < numbers.size(); ++n)
      store_component(first[i].dtype(), numbers[n], bytes.data() + n * width);
    second.push_back(
        {std::move(at), tensor_of(first[i].dtype(), first[i].sizes(), first[i].device(), bytes)});
  }
  autograd::backward(dispatcher_, second);
}

BackwardOutcome EngineGradients::run() const {
  BackwardOutcome outcome;
  CallOutcome ended;
  attempt(ended, [&] { second_ ? run_second() : run_twice(); });
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
