#include "oracles/subjects/engine/engine_snapshot.h"

#include <algorithm>
#include <cstring>

#include "engine/autograd/history.h"
#include "oracles/compare/element_bytes.h"

namespace oracles {

namespace {

// Past this many elements only metadata is kept: an expanded result can be larger than any memory.
constexpr int64_t values_limit = int64_t{1} << 20;

// A storage's bytes where the host may read them.
class HostBytes {
 public:
  explicit HostBytes(const engine::StorageBlock& storage) {
    if (storage.on_host() || storage.bytes() == 0) {
      data_ = static_cast<const std::byte*>(storage.data());
      return;
    }
    copied_.resize(storage.bytes());
    storage.memory().copy(copied_.data(), storage.data(), storage.bytes());
    data_ = copied_.data();
  }
  const std::byte* data() const { return data_; }

 private:
  std::vector<std::byte> copied_;
  const std::byte* data_ = nullptr;
};

void add_values(const engine::Tensor& tensor, TensorSnapshot& shot) {
  const int64_t count = engine::element_count(shot.sizes);
  if (count > values_limit) return;
  const size_t width = engine::size_of(shot.dtype);
  if (shot.zero) {
    shot.values.assign(static_cast<size_t>(count) * width, std::byte{0});
    shot.has_values = true;
    return;
  }
  const auto elements = static_cast<int64_t>(tensor.storage()->bytes() / width);
  const HostBytes bytes(*tensor.storage());
  const std::byte* const base = bytes.data();
  const bool readable = count == 0 || (base && engine::fits(shot.sizes, shot.strides, shot.offset, elements));
  if (!readable) {
    shot.type_name = "a view that its storage does not hold";
    return;
  }
  shot.values = logical_values(shot.dtype, base, shot);
  shot.has_values = true;
}

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

bool bytes_changed(const DressedEngineStorage& unit) {
  if (!unit.before) return false;
  const size_t common = std::min(unit.storage->bytes(), unit.before->size());
  return common != 0 && std::memcmp(HostBytes(*unit.storage).data(), unit.before->data(), common) != 0;
}

bool geometry_changed(const DressedEngineInput& input, const DressedEngineStorage& unit) {
  const engine::Tensor& tensor = input.tensor;
  return tensor.storage() != unit.storage || tensor.offset() != input.offset ||
         tensor.sizes() != engine::IntSpan(input.sizes) || tensor.strides() != engine::IntSpan(input.strides);
}

}  // namespace

EngineSnapshots::EngineSnapshots(const DressedForEngine& dressed, int32_t case_storages)
    : next_storage_(case_storages) {
  for (const DressedEngineStorage& unit : dressed.storages)
    storages_.emplace_back(unit.storage.get(), unit.of);
  for (const DressedEngineInput& input : dressed.inputs) inputs_.push_back(input.tensor);
}

int32_t EngineSnapshots::storage_index(const engine::Storage& storage) {
  for (const auto& [known, index] : storages_)
    if (known == storage.get()) return index;
  storages_.emplace_back(storage.get(), next_storage_);
  return next_storage_++;
}

void EngineSnapshots::tensor(const engine::Tensor& tensor, TensorSnapshot& shot) {
  if (!tensor.defined()) {
    shot.defined = false;
    return;
  }
  for (size_t i = 0; i < inputs_.size() && shot.same_as_input < 0; ++i)
    if (inputs_[i].is_same(tensor)) shot.same_as_input = static_cast<int32_t>(i);
  shot.requires_grad = engine::autograd::requires_grad(tensor);
  shot.dtype = tensor.dtype();
  shot.meta = tensor.is_meta();
  shot.device = engine::to_string(tensor.device());
  shot.sizes.assign(tensor.sizes().begin(), tensor.sizes().end());
  shot.strides.assign(tensor.strides().begin(), tensor.strides().end());
  shot.offset = tensor.offset();
  shot.conj = tensor.is_conj();
  shot.neg = tensor.is_neg();
  shot.zero = tensor.is_zero();
  shot.storage = storage_index(tensor.storage());
  if (!shot.meta) add_values(tensor, shot);
}

void EngineSnapshots::result(const engine::Value& value, Result& made, ReturnedTensors& tensors) {
  if (value.is_tensor()) {
    made.kind = Result::Kind::tensor;
    tensor(engine::unwrapped(value.tensor()), made.tensor);
    tensors.push_back(value.tensor());
  } else if (value.is(engine::ValueTag::tensors)) {
    made.kind = Result::Kind::list;
    for (const engine::Tensor& element : value.tensors()) result(element, made.list.emplace_back(), tensors);
  } else {
    made.plain = plain_of(value);
  }
}

EngineChanges::EngineChanges(DressedForEngine& dressed)
    : dressed_(dressed), changed_(dressed.storages.size(), false) {
  for (const DressedEngineInput& input : dressed.inputs)
    versions_.push_back(dressed.python.version(input.tensor));
}

void EngineChanges::record(CallOutcome& call, EngineSnapshots& snapshots, bool more_calls) {
  for (size_t s = 0; s < dressed_.storages.size(); ++s) {
    changed_[s] = bytes_changed(dressed_.storages[s]);
    const int32_t of = dressed_.storages[s].of;
    const auto& known = call.changed_storages;
    if (changed_[s] && std::find(known.begin(), known.end(), of) == known.end())
      call.changed_storages.push_back(of);
  }
  for (size_t i = 0; i < dressed_.inputs.size(); ++i) {
    const DressedEngineInput& input = dressed_.inputs[i];
    const int64_t versions = static_cast<int64_t>(dressed_.python.version(input.tensor)) - versions_[i];
    const bool geometry = geometry_changed(input, dressed_.storages[input.unit]);
    if (!changed_[input.unit] && !geometry && versions == 0) continue;
    InputChange& change = call.changes.emplace_back();
    change.input = static_cast<int32_t>(i);
    change.version_delta = versions;
    change.geometry_changed = geometry;
    snapshots.tensor(input.tensor, change.after);
    if (changed_[input.unit] || geometry)
      change.values_changed = change.after.has_values && !change.after.zero &&
                              change.after.values != values_before(input, dressed_.storages[input.unit]);
    if (!change.values_changed && !geometry && versions == 0) call.changes.pop_back();
  }
  if (more_calls) settle();
}

void EngineChanges::settle() {
  for (size_t i = 0; i < dressed_.inputs.size(); ++i) {
    DressedEngineInput& input = dressed_.inputs[i];
    versions_[i] = dressed_.python.version(input.tensor);
    input.sizes.assign(input.tensor.sizes().begin(), input.tensor.sizes().end());
    input.strides.assign(input.tensor.strides().begin(), input.tensor.strides().end());
    input.offset = input.tensor.offset();
  }
  for (size_t s = 0; s < dressed_.storages.size(); ++s) {
    DressedEngineStorage& unit = dressed_.storages[s];
    if (!changed_[s] || !unit.before) continue;
    const HostBytes bytes(*unit.storage);
    unit.own = std::vector<std::byte>(bytes.data(), bytes.data() + unit.storage->bytes());
    unit.before = &unit.own;
  }
}

}  // namespace oracles
