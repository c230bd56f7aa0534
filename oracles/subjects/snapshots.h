// Snapshots: tensors as plain data, and what a call changed in the inputs of its case, for every library.
// Reads memory by metadata and resolves lazy bits itself: runs no operator, and reads nothing outside a
// storage.
//
// A library's inputs (live_inputs.h) have, for this:
//   LiveView live(const Tensor&) const            its storage and geometry (or a type with these members)
//   Memory memory(const Storage&) const           its bytes, readable by the host: data(), size()
//   uint32_t version(const Tensor&) const
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "engine/core/small_vector.h"
#include "oracles/compare/element_bytes.h"
#include "oracles/outcome.h"

namespace oracles {

// Names the storages and tensors of one run: the case's own first, fresh ones in order of appearance.
class RunNames {
 public:
  template <class Inputs>
  RunNames(const Inputs& live, int32_t case_storages) : next_(case_storages) {
    for (const auto& unit : live.storages) storages_.emplace_back(live.identity(unit.storage), unit.of);
    for (const auto& input : live.inputs) inputs_.push_back(live.identity(input.tensor));
  }
  int32_t storage(const void* identity);
  int32_t input(const void* identity) const;  // -1: not an input

 private:
  engine::SmallVector<std::pair<const void*, int32_t>> storages_;
  engine::SmallVector<const void*> inputs_;
  int32_t next_;
};

// Whether the values have to be read from memory. Not those of a ZeroTensor, which this function fills in,
// nor those of a tensor so large that only its metadata is kept.
bool needs_memory(TensorSnapshot& shot);
// Reads the values of a tensor from its storage's memory.
void read_values(TensorSnapshot& shot, const std::byte* memory, size_t bytes);

// Of an error's message, at most 400 bytes.
std::string first_line(std::string_view text);

struct LiveView {
  const void* storage;
  std::span<const int64_t> sizes, strides;
  int64_t offset;
};

template <class Inputs>
class Changes {
 public:
  explicit Changes(Inputs& live) : live_(live), changed_(live.storages.size(), false) {
    for (const auto& input : live.inputs) versions_.push_back(live.version(input.tensor));
  }

  // Records in `call` what has changed since the last call. `snapshot(tensor, shot)` fills in a
  // TensorSnapshot. `more_calls`: this function will be called again.
  template <class Snapshot>
  void record(CallOutcome& call, Snapshot&& snapshot, bool more_calls) {
    for (size_t s = 0; s < live_.storages.size(); ++s) {
      changed_[s] = bytes_changed(live_.storages[s]);
      const int32_t of = live_.storages[s].of;
      if (changed_[s] && std::ranges::find(call.changed_storages, of) == call.changed_storages.end())
        call.changed_storages.push_back(of);
    }
    for (size_t i = 0; i < live_.inputs.size(); ++i) record_input(i, call, snapshot);
    if (more_calls) settle();
  }

 private:
  using Unit = typename Inputs::Unit;
  using Input = typename Inputs::Input;

  bool bytes_changed(const Unit& unit) const {
    if (!unit.before) return false;
    const auto memory = live_.memory(unit.storage);
    const size_t common = std::min(memory.size(), unit.before->size());
    return common != 0 && std::memcmp(memory.data(), unit.before->data(), common) != 0;
  }

  bool geometry_changed(const Input& input) const {
    const auto now = live_.live(input.tensor);
    return now.storage != live_.identity(live_.storages[input.unit].storage) || now.offset != input.offset ||
           !std::ranges::equal(now.sizes, input.sizes) || !std::ranges::equal(now.strides, input.strides);
  }

  template <class Snapshot>
  void record_input(size_t i, CallOutcome& call, Snapshot& snapshot) {
    const Input& input = live_.inputs[i];
    const Unit& unit = live_.storages[input.unit];
    const bool bytes = changed_[input.unit], geometry = geometry_changed(input);
    const int64_t versions = static_cast<int64_t>(live_.version(input.tensor)) - versions_[i];
    if (!bytes && !geometry && versions == 0) return;
    InputChange& change = call.changes.emplace_back();
    change.input = static_cast<int32_t>(i);
    change.version_delta = versions;
    change.geometry_changed = geometry;
    snapshot(input.tensor, change.after);
    if (bytes || geometry)
      change.values_changed =
          change.after.has_values && !change.after.zero && change.after.values != values_before(input, unit);
    if (!change.values_changed && !geometry && versions == 0) call.changes.pop_back();
  }

  void settle() {
    for (size_t i = 0; i < live_.inputs.size(); ++i) {
      Input& input = live_.inputs[i];
      const auto now = live_.live(input.tensor);
      versions_[i] = live_.version(input.tensor);
      input.sizes.assign(now.sizes.begin(), now.sizes.end());
      input.strides.assign(now.strides.begin(), now.strides.end());
      input.offset = now.offset;
    }
    for (size_t s = 0; s < live_.storages.size(); ++s) {
      Unit& unit = live_.storages[s];
      if (!changed_[s] || !unit.before) continue;
      const auto memory = live_.memory(unit.storage);
      unit.remember({memory.data(), memory.data() + memory.size()});
    }
  }

  Inputs& live_;
  engine::SmallVector<uint32_t> versions_;
  engine::SmallVector<bool> changed_;  // by storage, in the current call
};

}  // namespace oracles
