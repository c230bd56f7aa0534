#include "oracles/subjects/engine/engine_gradients.h"

#include "engine/autograd/history.h"
#include "engine/backends/copy.h"
#include "engine/ops/formulas.h"
#include "oracles/cotangents.h"
#include "oracles/element.h"
#include "oracles/subjects/engine/engine_run.h"

namespace oracles {

namespace autograd = engine::autograd;

namespace {

engine::Tensor flat_leaf(const DressedEngineStorage& unit) {
  const std::vector<std::byte>& bytes = *unit.before;
  const auto elements = static_cast<int64_t>(bytes.size() / engine::size_of(unit.dtype));
  const engine::Tensor leaf = engine::make_tensor(unit.dtype, {elements}, unit.storage->device());
  leaf.storage()->memory().copy(leaf.data(), bytes.data(), bytes.size());
  autograd::require_grad(leaf);
  return leaf;
}

engine::Tensor cotangent_of(const engine::Tensor& result, size_t call, size_t k) {
  const engine::Tensor made = engine::make_tensor(result.dtype(), result.sizes());
  const auto parts = static_cast<size_t>(components_of(result.dtype()));
  const size_t width = engine::size_of(result.dtype()) / parts;
  const auto count = static_cast<size_t>(made.element_count()) * parts;
  const std::vector<double> numbers = cotangent(call, k, count);
  for (size_t i = 0; i < count; ++i)
    store_component(result.dtype(), numbers[i], made.data<std::byte>() + i * width);
  const engine::Tensor there = engine::make_tensor(result.dtype(), result.sizes(), result.device());
  engine::copy_elements(there, made);
  return there;
}

}  // namespace

EngineGradients::EngineGradients(engine::Dispatcher& dispatcher, DressedForEngine& dressed,
                                 size_t case_storages)
    : dispatcher_(dispatcher), dressed_(dressed), leaves_(case_storages) {
  const engine::ops::Formulas ops(dispatcher);
  std::vector<engine::Tensor> bases(dressed.storages.size());
  for (size_t u = 0; u < bases.size(); ++u) {
    DressedEngineStorage& unit = dressed.storages[u];
    if (!autograd::differentiable(unit.dtype)) continue;
    engine::Tensor& leaf = leaves_[static_cast<size_t>(unit.of)] = flat_leaf(unit);
    bases[u] = ops("aten::clone", {leaf});
    unit.storage = bases[u].storage();
  }
  for (DressedEngineInput& input : dressed.inputs)
    if (const engine::Tensor& base = bases[input.unit]; base.defined())
      input.passed = input.tensor = ops("aten::as_strided", {base, input.sizes, input.strides, input.offset});
}

void EngineGradients::seed(size_t call, const std::vector<engine::Tensor>& results) {
  for (size_t k = 0; k < results.size(); ++k) {
    const engine::Tensor& result = results[k];
    if (!result.defined() || !autograd::differentiable(result.dtype())) continue;
    if (autograd::Edge at = autograd::edge_of(result))
      seeds_.push_back({std::move(at), cotangent_of(result, call, k)});
  }
}

BackwardOutcome EngineGradients::run() const {
  BackwardOutcome outcome;
  try {
    autograd::backward(dispatcher_, seeds_);
  } catch (...) {
    CallOutcome failed;
    describe_failure(failed);
    outcome.status = failed.status;
    outcome.error_class = failed.error_class;
    outcome.message = failed.message;
    return outcome;
  }
  EngineSnapshots snapshots(dressed_, static_cast<int32_t>(leaves_.size()));
  for (const engine::Tensor& leaf : leaves_)
    outcome.gradients.push_back(snapshots.tensor(leaf.defined() ? autograd::gradient_of(leaf) : leaf));
  return outcome;
}

}  // namespace oracles
