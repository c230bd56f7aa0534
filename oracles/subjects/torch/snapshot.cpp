#include "oracles/subjects/torch/snapshot.h"

#include <c10/core/StorageImpl.h>
#include <c10/core/TensorImpl.h>
#include <fmt/format.h>

#include "oracles/compare/element_bytes.h"

namespace oracles::aten {

namespace {

// Past this many elements only metadata is kept: an expanded result can be larger than any memory.
constexpr int64_t values_limit = int64_t{1} << 20;

std::string opaque_name(const c10::TensorImpl& impl) {
  std::ostringstream text;
  text << impl.layout() << ' ' << c10::toString(c10::typeMetaToScalarType(impl.dtype()));
  if (impl.key_set().has(c10::DispatchKey::NestedTensor)) text << " nested";
  if (impl.layout() == c10::kSparse) text << ' ' << impl.sizes();
  return text.str();
}

bool is_opaque(const c10::TensorImpl& impl, engine::DType& dtype) {
  return impl.layout() != c10::kStrided || !impl.has_storage() ||
         impl.key_set().has(c10::DispatchKey::NestedTensor) ||
         !dtype_of(c10::typeMetaToScalarType(impl.dtype()), dtype) ||
         !(impl.device().is_cpu() || impl.device().is_meta());
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

Snapshots::Snapshots(const Dressed& dressed, int32_t case_storages) : next_storage_(case_storages) {
  for (const DressedStorage& unit : dressed.storages)
    storages_.emplace_back(unit.storage.unsafeGetStorageImpl(), unit.of);
  for (const DressedInput& input : dressed.inputs) inputs_.push_back(input.tensor.unsafeGetTensorImpl());
}

int32_t Snapshots::storage_index(const c10::StorageImpl* storage) {
  for (const auto& [known, index] : storages_)
    if (known == storage) return index;
  storages_.emplace_back(storage, next_storage_);
  return next_storage_++;
}

TensorSnapshot Snapshots::tensor(const at::Tensor& tensor) {
  TensorSnapshot shot;
  if (!tensor.defined()) {
    shot.defined = false;
    return shot;
  }
  const c10::TensorImpl& impl = *tensor.unsafeGetTensorImpl();
  for (size_t i = 0; i < inputs_.size() && shot.same_as_input < 0; ++i)
    if (inputs_[i] == &impl) shot.same_as_input = static_cast<int32_t>(i);
  shot.requires_grad = tensor.requires_grad();
  if (is_opaque(impl, shot.dtype)) {
    shot.opaque = true;
    shot.type_name = opaque_name(impl);
    if (!impl.key_set().has(c10::DispatchKey::NestedTensor)) shot.sizes = dims_of(impl.sizes());
    return shot;
  }
  shot.meta = impl.device().is_meta();
  if (!impl.device().is_cpu()) shot.device = impl.device().str();
  shot.sizes = dims_of(impl.sizes());
  shot.strides = dims_of(impl.strides());
  shot.offset = impl.storage_offset();
  const c10::DispatchKeySet keys = impl.key_set();
  shot.conj = keys.has(c10::DispatchKey::Conjugate);
  shot.neg = keys.has(c10::DispatchKey::Negative);
  shot.zero = keys.has(c10::DispatchKey::ZeroTensor);
  shot.storage = storage_index(impl.storage().unsafeGetStorageImpl());
  if (!shot.meta) add_values(impl, shot);
  return shot;
}

void Snapshots::add_values(const c10::TensorImpl& impl, TensorSnapshot& shot) const {
  const int64_t count = engine::element_count(shot.sizes);
  if (count > values_limit) return;
  const size_t width = engine::size_of(shot.dtype);
  if (shot.zero) {
    shot.values.assign(static_cast<size_t>(count) * width, std::byte{0});
    shot.has_values = true;
    return;
  }
  const c10::StorageImpl& storage = *impl.storage().unsafeGetStorageImpl();
  const auto elements = static_cast<int64_t>(storage.nbytes() / width);
  const auto* base = static_cast<const std::byte*>(storage.data());
  const bool readable = count == 0 || (base && engine::fits(shot.sizes, shot.strides, shot.offset, elements));
  if (!readable) {
    shot.type_name = "a view that its storage does not hold";
    return;
  }
  shot.values = logical_values(shot.dtype, base, shot);
  shot.has_values = true;
}

Result Snapshots::result(const c10::IValue& value, std::vector<at::Tensor>& tensors) {
  Result made;
  if (value.isTensor()) {
    made.kind = Result::Kind::tensor;
    made.tensor = tensor(value.toTensor());
    tensors.push_back(value.toTensor());
    return made;
  }
  if (value.isList()) {
    made.kind = Result::Kind::list;
    for (const c10::IValue& element : value.toListRef()) made.list.push_back(result(element, tensors));
    return made;
  }
  if (value.isTuple()) {
    made.kind = Result::Kind::list;
    for (const c10::IValue& element : value.toTupleRef().elements())
      made.list.push_back(result(element, tensors));
    return made;
  }
  made.plain = plain_of(value);
  return made;
}

}  // namespace oracles::aten
