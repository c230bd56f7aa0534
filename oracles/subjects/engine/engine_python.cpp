#include "oracles/subjects/engine/engine_python.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/autograd/history.h"
#include "engine/core/each_tensor.h"
#include "engine/core/symbolic_geometry.h"
#include "engine/ops/needs_data.h"
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
    if (layer.kind == LayerKind::fake) {
      runs_before = layer.storage % 2;
      constants = layer.storage >= 2;
    }
    if (layer.kind == LayerKind::symbolic)
      shapes = std::make_unique<engine::fake::ShapeEnv>(engine::fake::ShapePolicy{
          .duck = (layer.storage & 1) == 0, .specializes = (layer.storage & 2) == 0});
  }
  if (has_layer(path, LayerKind::fake))
    fake = std::make_shared<engine::fake::FakeMode>(engine::fake::FakeSettings{.shapes = shapes.get()});
  if (shapes) runs_before = 0;  // symbols bypass the cache
}

engine::Tensor PythonLayers::fake_of(const engine::Tensor& input) {
  if (!shapes) return fake->fake_of(input);
  const auto note_geometry = [&](const engine::Tensor& of) {
    given.push_back(
        engine::make_strided_tensor(of.dtype(), of.sizes(), of.strides(), engine::DeviceType::meta)
            .view(of.sizes(), of.strides(), of.offset()));
  };
  const size_t before = shapes->input_count();
  engine::Tensor made = fake->fake_of(input);
  note_geometry(input);
  // The converter also makes a fake of the base of a recorded view, at the first of its views.
  if (shapes->input_count() > before + 1) note_geometry(engine::autograd::view_of(input)->base);
  return made;
}

void PythonLayers::note_guards(ThreadState& state) const {
  if (!shapes || shapes->guard_set().hold_for(given)) return;
  state = {"the guards hold for the inputs of the case",
           fmt::format("one of them does not: {}", fmt::join(shapes->guard_texts(), ", "))};
}

void PythonLayers::refuse_unknown_numbers(std::string_view op, const engine::Stack& results) const {
  if (!shapes || shows_symbols) return;
  const auto refuse = [&](const engine::SymInt& number) {
    if (shapes->depends_on_elements(number)) throw engine::ops::NeedsData(std::string(op));
  };
  for (const engine::Value& value : results) {
    if (value.is(engine::ValueTag::symbol)) refuse(value.sym_int());
    engine::for_each_tensor(value, [&](const engine::Tensor& tensor) {
      if (tensor.defined()) std::ranges::for_each(engine::sym_sizes(tensor), refuse);
    });
  }
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
