#include "oracles/subjects/torch/snapshot.h"

#include <c10/core/StorageImpl.h>
#include <c10/core/TensorImpl.h>
#include <c10/core/UndefinedTensorImpl.h>

#include "oracles/subjects/torch/arguments.h"
#include "oracles/subjects/torch/python_layers.h"

namespace oracles::aten {

namespace {

std::string opaque_name(const c10::TensorImpl& impl) {
  std::ostringstream text;
  text << impl.layout() << ' ' << c10::toString(c10::typeMetaToScalarType(impl.dtype()));
  if (impl.key_set().has(c10::DispatchKey::NestedTensor)) text << " nested";
  if (impl.layout() == c10::kSparse) text << ' ' << impl.sizes();
  return text.str();
}

bool is_opaque(const c10::TensorImpl& impl, engine::DType& dtype, c10::Device device) {
  return !has_geometry(impl) || !dtype_of(c10::typeMetaToScalarType(impl.dtype()), dtype) ||
         !(impl.device().is_cpu() || impl.device().is_meta() || impl.device() == device);
}

engine::Dims dims_of(c10::IntArrayRef list) { return {list.begin(), list.end()}; }

void read_bits(const c10::TensorImpl& impl, TensorSnapshot& shot) {
  const c10::DispatchKeySet keys = impl.key_set();
  shot.conj = keys.has(c10::DispatchKey::Conjugate);
  shot.neg = keys.has(c10::DispatchKey::Negative);
  shot.zero = keys.has(c10::DispatchKey::ZeroTensor);
}

void read_memory(const c10::TensorImpl& impl, TensorSnapshot& shot) {
  if (!needs_memory(shot)) return;
  const HostBytes memory = Inputs::memory(impl.storage());
  read_values(shot, memory.data(), memory.size());
}

corpora::Value plain_of(const c10::IValue& value) {
  using corpora::Value;
  if (value.isNone()) return Value::of_none();
  if (value.isInt()) return Value::of_integer(value.toInt());
  if (value.isDouble()) return Value::of_real(value.toDouble());
  if (value.isBool()) return Value::of_boolean(value.toBool());
  if (value.isString()) return Value::of_string(value.toStringRef());
  if (value.isDevice()) return Value::of_word(corpora::ValueKind::device, value.toDevice().str());
  if (value.isComplexDouble()) {
    const c10::complex<double> number = value.toComplexDouble();
    return Value::of_complex(number.real(), number.imag());
  }
  return Value::of_string("<" + value.tagKind() + ">");
}

}  // namespace

TensorSnapshot values_of(const c10::TensorImpl& impl, engine::DType dtype) {
  TensorSnapshot held;
  held.dtype = dtype;
  held.sizes = dims_of(impl.sizes());
  held.strides = dims_of(impl.strides());
  held.offset = impl.storage_offset();
  read_bits(impl, held);
  read_memory(impl, held);
  return held;
}

void Snapshots::tensor(const at::Tensor& passed, TensorSnapshot& shot) {
  const at::Tensor tensor = unwraps_ ? unwrapped(passed) : passed;
  if (!tensor.defined()) {
    shot.defined = false;
    return;
  }
  shot.same_as_input = names_.input(tensor.unsafeGetTensorImpl());
  shot.requires_grad = tensor.requires_grad();
  Seen seen = inputs_.live(tensor);
  const c10::TensorImpl& impl = *seen.holder;
  if (&impl == c10::UndefinedTensorImpl::singleton()) {  // the value of a functional tensor
    shot.defined = false;
    return;
  }
  if (is_opaque(impl, shot.dtype, inputs_.device)) {
    shot.opaque = true;
    shot.type_name = opaque_name(impl);
    if (!impl.key_set().has(c10::DispatchKey::NestedTensor)) shot.sizes = dims_of(impl.sizes());
    return;
  }
  // A fake tensor names the device that it fakes, and has a storage on the meta device.
  shot.meta = impl.device().is_meta() || impl.storage().device().is_meta();
  if (!impl.device().is_cpu()) shot.device = impl.device().str();
  shot.sizes = std::move(seen.sizes);
  shot.strides = std::move(seen.strides);
  shot.offset = seen.offset;
  read_bits(impl, shot);
  shot.storage = names_.storage(seen.storage);
  if (shot.meta) return;
  if (!inputs_.functional) return read_memory(impl, shot);
  TensorSnapshot held = values_of(impl, shot.dtype);
  shot.values = std::move(held.values);
  shot.has_values = held.has_values;
  shot.type_name = std::move(held.type_name);
}

void Snapshots::result(const c10::IValue& value, Result& made, engine::SmallVector<at::Tensor, 2>& tensors) {
  const auto list = [&](c10::ArrayRef<c10::IValue> elements) {
    made.kind = Result::Kind::list;
    for (const c10::IValue& element : elements) result(element, made.list.emplace_back(), tensors);
  };
  if (value.isTensor()) {
    made.kind = Result::Kind::tensor;
    tensor(value.toTensor(), made.tensor);
    tensors.push_back(value.toTensor());
  } else if (value.isList()) {
    list(value.toListRef());
  } else if (value.isTuple()) {
    list(value.toTupleRef().elements().asArrayRef());
  } else {
    made.plain = plain_of(value);
  }
}

}  // namespace oracles::aten
