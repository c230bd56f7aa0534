#include "oracles/subjects/engine/engine_snapshot.h"

#include <algorithm>

#include "engine/autograd/history.h"
#include "engine/core/symbolic_geometry.h"

namespace oracles {

namespace {

corpora::Value plain_of(const engine::Value& value) {
  using engine::ValueTag;
  switch (value.tag()) {
    case ValueTag::none:
      return corpora::Value::of_none();
    case ValueTag::integer:
      return corpora::Value::of_integer(value.integer());
    case ValueTag::real:
      return corpora::Value::of_real(value.real());
    case ValueTag::boolean:
      return corpora::Value::of_boolean(value.boolean());
    case ValueTag::complex:
      return corpora::Value::of_complex(value.complex().real(), value.complex().imag());
    default:
      return corpora::Value::of_string(engine::to_string(value));
  }
}

}  // namespace

void EngineSnapshots::tensor(const engine::Tensor& tensor, TensorSnapshot& shot) {
  if (!tensor.defined()) {
    shot.defined = false;
    return;
  }
  shot.same_as_input = names_.input(EngineInputs::identity(tensor));
  shot.requires_grad = engine::autograd::requires_grad(tensor);
  shot.dtype = tensor.dtype();
  shot.meta = tensor.is_meta();
  shot.device = engine::to_string(inputs_.python.fake ? inputs_.device : tensor.device());
  if (inputs_.python.fake && shot.same_as_input >= 0) {
    const engine::Tensor& passed = inputs_.inputs[static_cast<size_t>(shot.same_as_input)].passed;
    shot.device = engine::to_string(passed.device());
    shot.requires_grad = engine::autograd::requires_grad(passed);
  }
  shot.sizes.assign(tensor.sizes().begin(), tensor.sizes().end());
  shot.strides.assign(tensor.strides().begin(), tensor.strides().end());
  shot.offset = tensor.offset();
  shot.conj = tensor.is_conj();
  shot.neg = tensor.is_neg();
  shot.zero = tensor.is_zero();
  shot.storage = names_.storage(EngineInputs::identity(tensor.storage()));
  if (shot.meta || !needs_memory(shot)) return;
  const HostBytes memory(*tensor.storage());
  read_values(shot, memory.data(), memory.size());
}

// What a wrapper shows itself; everything else is that of its inner tensor.
void EngineSnapshots::wrapper(const engine::Tensor& tensor, TensorSnapshot& shot) const {
  const auto same = std::ranges::find_if(
      inputs_.inputs, [&](const EngineInputs::Input& input) { return input.passed.is_same(tensor); });
  if (same == inputs_.inputs.end()) shot.same_as_input = -1;
  shot.device = engine::to_string(tensor.device());
  shot.conj = tensor.is_conj();
  shot.neg = tensor.is_neg();
  shot.zero = tensor.is_zero();
  shot.requires_grad = engine::autograd::requires_grad(tensor);
  // Symbols, replaced by their numbers.
  const auto numbers = [](const engine::SymDims& list, auto& to) {
    to.clear();
    for (const engine::SymInt& each : list) to.push_back(each.hint());
  };
  if (!engine::symbolic_geometry(tensor)) return;
  numbers(engine::sym_sizes(tensor), shot.sizes);
  numbers(engine::sym_strides(tensor), shot.strides);
  shot.offset = engine::sym_offset(tensor).hint();
}

void EngineSnapshots::result(const engine::Value& value, Result& made,
                             engine::SmallVector<engine::Tensor, 2>& tensors) {
  if (value.is_tensor()) {
    made.kind = Result::Kind::tensor;
    tensor(engine::unwrapped(value.tensor()), made.tensor);
    if (engine::interpreter_of(value.tensor())) wrapper(value.tensor(), made.tensor);
    tensors.push_back(value.tensor());
  } else if (value.is(engine::ValueTag::tensors)) {
    made.kind = Result::Kind::list;
    for (const engine::Tensor& element : value.tensors()) result(element, made.list.emplace_back(), tensors);
  } else {
    made.plain = plain_of(value);
  }
}

}  // namespace oracles
