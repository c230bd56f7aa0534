#include "oracles/subjects/torch/functional.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/FunctionalTensorWrapper.h>
#include <ATen/ops/as_strided.h>

#include <algorithm>
#include <cstring>

#include "engine/core/shape.h"
#include "oracles/subjects/torch/inputs.h"
#include "oracles/subjects/torch/snapshot.h"

namespace oracles::aten {

namespace {

namespace impl = at::functionalization::impl;

void for_each_functional(const c10::IValue& value, const auto& visit) {
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    if (tensor.defined() && impl::isFunctionalTensor(tensor)) visit(tensor);
  } else if (value.isList()) {
    for (const c10::IValue& element : value.toListRef()) for_each_functional(element, visit);
  } else if (value.isTuple()) {
    for (const c10::IValue& element : value.toTupleRef().elements()) for_each_functional(element, visit);
  }
}

// Writes an input's values to its view of the case's memory, unless that holds them, or the input has got
// other memory or another dtype.
void write_back(const Inputs& inputs, const Inputs::Unit& unit, const at::Tensor& input) {
  const Seen view = inputs.live(input);
  const c10::TensorImpl& value = *view.holder;
  const void* storage = Inputs::identity(unit.storage);
  if (!unit.before || view.storage == nullptr || view.storage != storage ||
      Inputs::identity(value.unsafe_storage()) == storage || !value.device().is_cpu() ||
      value.itemsize() != engine::size_of(unit.dtype))
    return;
  TensorSnapshot held = values_of(value, unit.dtype);
  const std::span<std::byte> to = Inputs::writable(unit.storage);
  const auto width = static_cast<int64_t>(value.itemsize());
  if (!held.has_values || held.sizes != view.sizes ||
      !engine::fits(view.sizes, view.strides, view.offset, static_cast<int64_t>(to.size()) / width))
    return;
  const std::byte* next = held.values.data();
  engine::for_each_position(view.sizes, view.strides, view.offset, [&](int64_t position) {
    std::memcpy(to.data() + position * width, next, static_cast<size_t>(width));
    next += width;
  });
}

}  // namespace

Functional::Guard::Guard(const Functional& functional)
    : include_(c10::DispatchKey::Functionalize), kept_views_(impl::getFunctionalizationReapplyViewsTLS()) {
  impl::setFunctionalizationReapplyViewsTLS(functional.keeps_views_);
}

Functional::Guard::~Guard() { impl::setFunctionalizationReapplyViewsTLS(kept_views_); }

void Functional::note(const at::Tensor& wrapper, const void* storage) {
  storages_.emplace_back(Inputs::identity(wrapper.unsafeGetTensorImpl()->unsafe_storage()), storage);
}

void Functional::wrap(Inputs& inputs) {
  std::vector<int> views(inputs.storages.size());
  for (const Inputs::Input& input : inputs.inputs) ++views[input.unit];
  whole_.resize(inputs.storages.size());
  for (Inputs::Input& input : inputs.inputs) {
    const Inputs::Unit& unit = inputs.storages[input.unit];
    const void* storage = Inputs::identity(unit.storage);
    if (views[input.unit] == 1) {
      input.tensor = impl::to_functional_tensor(input.tensor);
      note(input.tensor, storage);
    } else {
      at::Tensor& whole = whole_[input.unit];
      if (!whole.defined()) {
        const auto elements = static_cast<int64_t>(unit.storage.nbytes() / engine::size_of(unit.dtype));
        whole = impl::to_functional_tensor(inputs.view(unit, {{}, input.unit, {elements}, {1}, 0, {}}));
        note(whole, storage);
      }
      const Guard guard(*this);
      input.tensor = at::as_strided(whole, input.tensor.sizes(), input.tensor.strides(), input.offset);
    }
    input.passed = input.tensor;
  }
}

void Functional::settle(Inputs& inputs, const torch::jit::Stack& stack) const {
  const auto sync = [](const at::Tensor& tensor) { impl::sync(tensor); };
  for (const Inputs::Input& input : inputs.inputs) sync(input.tensor);
  for (const c10::IValue& value : stack) for_each_functional(value, sync);
  for (const Inputs::Input& input : inputs.inputs)
    write_back(inputs, inputs.storages[input.unit], input.tensor);
}

const void* Functional::original(const void* storage) const {
  for (const auto& [functional, of_case] : storages_)
    if (functional == storage) return of_case;
  return storage;
}

Seen Functional::now(const at::Tensor& tensor) const {
  const c10::TensorImpl* holder = tensor.unsafeGetTensorImpl();
  if (impl::isFunctionalTensor(tensor))
    holder = impl::unsafeGetFunctionalWrapper(tensor)->value().unsafeGetTensorImpl();
  // The wrapper of a tensor without geometry has none.
  if (!has_geometry(*holder)) return {.holder = holder, .sizes = {}, .strides = {}};
  Seen view = seen(tensor);
  view.storage = original(view.storage);
  view.holder = holder;
  return view;
}

}  // namespace oracles::aten
