#include "oracles/trial/seen_tensors.h"

#include <algorithm>

namespace oracles {

namespace {

bool same_view(const TensorSnapshot& a, const TensorSnapshot& b) {
  return a.storage == b.storage && a.dtype == b.dtype && a.offset == b.offset && a.sizes == b.sizes &&
         a.strides == b.strides && a.conj == b.conj && a.neg == b.neg;
}

}  // namespace

SeenTensors::SeenTensors(Trial& trial)
    : trial_(trial),
      own_(trial.test_case().inputs.size()),
      changed_(trial.test_case().inputs.size(), nullptr) {}

const TensorSnapshot* SeenTensors::tensor(const corpora::TensorRef& ref) {
  if (ref.is_input()) {
    const auto input = static_cast<size_t>(ref.index);
    if (changed_[input]) return changed_[input];
    if (!own_[input].has_values) own_[input] = input_snapshot(trial_.test_case(), trial_.image(), ref.index);
    return &own_[input];
  }
  for (const Seen& seen : results_)
    if (seen.ref == ref) return seen.snapshot;
  return nullptr;
}

// A written result is known again if the call returned it, or returned a view of the same elements.
void SeenTensors::refresh_results(const corpora::Call& call, const CallOutcome& outcome) {
  const std::vector<const TensorSnapshot*> returned = tensor_results(outcome);
  const auto& declared = trial_.operators()[next_]->schema.arguments;
  std::vector<int32_t> written = outcome.changed_storages;
  std::vector<corpora::TensorRef> targets;
  for (size_t i = 0; i < declared.size(); ++i)
    if (declares_write(declared[i]))
      corpora::for_each_tensor(call.arguments[i], [&](const corpora::TensorRef& ref) {
        targets.push_back(ref);
        if (const TensorSnapshot* before = tensor(ref)) written.push_back(before->storage);
      });
  for (Seen& seen : results_) {
    if (!seen.snapshot) continue;
    const auto target = static_cast<size_t>(std::ranges::find(targets, seen.ref) - targets.begin());
    if (target < std::min(targets.size(), returned.size())) {
      seen.snapshot = returned[target];
      continue;
    }
    if (std::ranges::find(written, seen.snapshot->storage) == written.end()) continue;
    const auto again = std::ranges::find_if(
        returned, [&](const TensorSnapshot* each) { return same_view(*each, *seen.snapshot); });
    seen.snapshot = again == returned.end() ? nullptr : *again;
  }
}

void SeenTensors::pass() {
  const CallOutcome& outcome = trial_.direct().calls[next_];
  refresh_results(trial_.test_case().calls[next_], outcome);
  for (const InputChange& change : outcome.changes)
    changed_[static_cast<size_t>(change.input)] = &change.after;
  const std::vector<const TensorSnapshot*> returned = tensor_results(outcome);
  for (size_t i = 0; i < returned.size(); ++i)
    results_.push_back({{static_cast<int32_t>(next_), static_cast<int32_t>(i)}, returned[i]});
  ++next_;
}

}  // namespace oracles
