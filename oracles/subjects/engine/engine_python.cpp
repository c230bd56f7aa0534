#include "oracles/subjects/engine/engine_python.h"

#include <fmt/format.h>

#include <algorithm>

#include "oracles/trial/storage_layers.h"

namespace oracles {

using corpora::LayerKind;
using engine::DispatchKey;

namespace {

constexpr engine::KeySet lazy_keys{DispatchKey::Conjugate, DispatchKey::Negative, DispatchKey::ZeroTensor};

}  // namespace

PythonLayers::PythonLayers(const corpora::Path& path) {
  if (has_layer(path, LayerKind::python)) {
    outer = std::make_unique<engine::PassThrough>();
    inner = std::make_unique<engine::PassThrough>();
  }
  if (has_layer(path, LayerKind::wrapped)) wrapping = std::make_unique<engine::Wrapping>();
  for (const corpora::Layer& layer : path) {
    if (layer.kind == LayerKind::fake) runs_before = layer.storage % 2;
    if (layer.kind == LayerKind::symbolic)
      shapes = std::make_unique<engine::fake::ShapeEnv>(engine::fake::ShapePolicy{
          .duck = (layer.storage & 1) == 0, .specializes = (layer.storage & 2) == 0});
  }
  if (has_layer(path, LayerKind::fake))
    fake = std::make_shared<engine::fake::FakeMode>(engine::fake::FakeSettings{.shapes = shapes.get()});
  if (shapes) runs_before = 0;  // symbols bypass the cache
}

engine::Tensor PythonLayers::fake_of(const engine::Tensor& input) {
  if (shapes)
    given.push_back(
        engine::make_strided_tensor(input.dtype(), input.sizes(), input.strides(), engine::DeviceType::meta)
            .view(input.sizes(), input.strides(), input.offset()));
  return fake->fake_of(input);
}

void PythonLayers::note_guards(ThreadState& state) const {
  if (!shapes || shapes->guard_set().hold_for(given)) return;
  state = {"the guards hold for the inputs of the case",
           fmt::format("one of them does not: {}", fmt::join(shapes->guard_texts(), ", "))};
}

PythonCall::PythonCall(const PythonLayers& layers, const engine::Operator& op, const engine::Stack& arguments)
    : op_(op) {
  engine::KeySet keys;
  for (const engine::Value& argument : arguments) keys |= argument.keys();
  lazy_ = !(keys & lazy_keys).empty();
  for (const engine::PassThrough* mode : {layers.outer.get(), layers.inner.get()})
    if (mode) required_.push_back({mode, mode->seen().size()});
  if (layers.wrapping && keys.has(DispatchKey::Python))
    required_.push_back({layers.wrapping.get(), layers.wrapping->seen().size()});
}

size_t PythonCall::Required::times(const engine::OperatorEntry& op) const {
  const auto& seen = interpreter->seen();
  return static_cast<size_t>(std::count(seen.begin() + static_cast<std::ptrdiff_t>(before), seen.end(), &op));
}

Reach PythonCall::reach() const {
  if (required_.empty()) return Reach::none;
  const bool any = std::any_of(required_.begin(), required_.end(), [](const Required& each) {
    return each.interpreter->seen().size() > each.before;
  });
  return any ? Reach::fallback : Reach::bypassed;
}

void PythonCall::note_fault(ThreadState& state) const {
  if (lazy_) return;
  for (const Required& each : required_)
    if (const size_t times = each.times(op_.entry()); times != 1)
      state = {fmt::format("{} calls the {} interpreter once", op_.name(), each.interpreter->name()),
               fmt::format("{} calls it {} times", op_.name(), times)};
}

}  // namespace oracles
