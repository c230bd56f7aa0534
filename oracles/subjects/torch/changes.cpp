#include "oracles/subjects/torch/changes.h"

#include <c10/core/StorageImpl.h>
#include <c10/core/TensorImpl.h>

#include <algorithm>
#include <cstring>

#include "oracles/compare/element_bytes.h"

namespace oracles::aten {

namespace {

bool bytes_changed(const DressedStorage& unit) {
  if (!unit.before) return false;
  const c10::StorageImpl& storage = *unit.storage.unsafeGetStorageImpl();
  const size_t common = std::min(storage.nbytes(), unit.before->size());
  return common != 0 && std::memcmp(storage.data(), unit.before->data(), common) != 0;
}

uint32_t version_of(const at::Tensor& tensor) {
  return tensor.unsafeGetTensorImpl()->version_counter().current_version();
}

bool geometry_changed(const DressedInput& input, const DressedStorage& unit) {
  const c10::TensorImpl& impl = *input.tensor.unsafeGetTensorImpl();
  return impl.storage().unsafeGetStorageImpl() != unit.storage.unsafeGetStorageImpl() ||
         impl.storage_offset() != input.offset || impl.sizes() != c10::IntArrayRef(input.sizes) ||
         impl.strides() != c10::IntArrayRef(input.strides);
}

void remember(DressedStorage& unit) {
  if (!unit.before) return;
  const c10::StorageImpl& storage = *unit.storage.unsafeGetStorageImpl();
  const auto* bytes = static_cast<const std::byte*>(storage.data());
  unit.own = std::vector<std::byte>(bytes, bytes + storage.nbytes());
  unit.before = &unit.own;
}

}  // namespace

Changes::Changes(Dressed& dressed) : dressed_(dressed), changed_(dressed.storages.size(), false) {
  for (const DressedInput& input : dressed.inputs) versions_.push_back(version_of(input.tensor));
}

void Changes::record(CallOutcome& call, Snapshots& snapshots, bool more_calls) {
  for (size_t s = 0; s < dressed_.storages.size(); ++s) {
    const DressedStorage& unit = dressed_.storages[s];
    changed_[s] = bytes_changed(unit);
    if (changed_[s] && std::find(call.changed_storages.begin(), call.changed_storages.end(), unit.of) ==
                           call.changed_storages.end())
      call.changed_storages.push_back(unit.of);
  }
  for (size_t i = 0; i < dressed_.inputs.size(); ++i) {
    DressedInput& input = dressed_.inputs[i];
    const auto unit = static_cast<size_t>(input.unit);
    InputChange change{.input = static_cast<int32_t>(i), .after = {}};
    change.version_delta = static_cast<int64_t>(version_of(input.tensor)) - versions_[i];
    change.geometry_changed = geometry_changed(input, dressed_.storages[unit]);
    if (!changed_[unit] && !change.geometry_changed && change.version_delta == 0) continue;
    change.after = snapshots.tensor(input.tensor);
    if (changed_[unit] || change.geometry_changed)
      change.values_changed = change.after.has_values && !change.after.zero &&
                              change.after.values != values_before(input, dressed_.storages[unit]);
    versions_[i] = version_of(input.tensor);
    if (change.values_changed || change.geometry_changed || change.version_delta != 0)
      call.changes.push_back(std::move(change));
    if (!more_calls) continue;
    const c10::TensorImpl& impl = *input.tensor.unsafeGetTensorImpl();
    input.sizes = dims_of(impl.sizes());
    input.strides = dims_of(impl.strides());
    input.offset = impl.storage_offset();
  }
  if (!more_calls) return;
  for (size_t s = 0; s < dressed_.storages.size(); ++s)
    if (changed_[s]) remember(dressed_.storages[s]);
}

}  // namespace oracles::aten
