#include "oracles/trial/overlap.h"

#include <algorithm>

#include "oracles/trial/effects.h"

namespace oracles {

namespace {

// The elements of a storage that a tensor may view: [low, high).
struct Extent {
  int32_t storage = -1;
  engine::Dims sizes, strides;
  int64_t offset = 0, low = 0, high = 0;

  Extent() = default;
  Extent(int32_t of, engine::Dims its_sizes, engine::Dims its_strides, int64_t at)
      : storage(of), sizes(std::move(its_sizes)), strides(std::move(its_strides)), offset(at) {
    const engine::Extent relative = engine::extent_of(sizes, strides);
    low = at + relative.low;
    high = at + relative.high;
  }
  bool meets(const Extent& other) const {
    return storage >= 0 && storage == other.storage && low < other.high && other.low < high;
  }
  bool is_view_of(const Extent& other) const {
    return storage == other.storage && sizes == other.sizes && strides == other.strides &&
           offset == other.offset;
  }
};

// Adds the elements of a written tensor after the call, which may have resized it.
void grow(Extent& extent, const CallOutcome& call, const corpora::TensorRef& ref) {
  for (const InputChange& change : call.changes) {
    if (!ref.is_input() || change.input != ref.index || !change.geometry_changed) continue;
    const int64_t low = extent.low, high = extent.high;
    extent = Extent(extent.storage, change.after.sizes, change.after.strides, change.after.offset);
    extent.low = std::min(extent.low, low);
    extent.high = std::max(extent.high, high);
  }
}

Extent extent_of(const Trial& trial, const Outcome& direct, const corpora::TensorRef& ref) {
  if (ref.is_input()) {
    const corpora::Input& input = trial.test_case().inputs[static_cast<size_t>(ref.index)];
    return {input.storage, input.sizes, input.strides, input.offset};
  }
  if (static_cast<size_t>(ref.call) >= direct.calls.size()) return {};
  const TensorSnapshot* tensor = tensor_result(direct.calls[static_cast<size_t>(ref.call)], ref.index);
  return tensor ? Extent(tensor->storage, tensor->sizes, tensor->strides, tensor->offset) : Extent();
}

// The operands of one call.
class CallOperands {
 public:
  CallOperands(Trial& trial, int call) : trial_(trial), direct_(trial.direct()) {
    for (const TensorUse& use : trial.uses())
      if (use.call == call) uses_.push_back(use);
    if (static_cast<size_t>(call) < direct_.calls.size()) made_ = &direct_.calls[static_cast<size_t>(call)];
  }

  bool share(SameView same_view) const {
    return std::ranges::any_of(uses_, [&](const TensorUse& use) { return writes_shared(use, same_view); });
  }

 private:
  // The order of an undeclared write and of reads is unspecified, also for operands with the same view.
  bool writes_shared(const TensorUse& write, SameView same_view) const {
    if (!write.written && !seen_written(write)) return false;
    Extent written = extent_of(trial_, direct_, write.tensor);
    if (made_) grow(written, *made_, write.tensor);
    if (engine::may_overlap(written.sizes, written.strides)) return true;
    const bool allowed = write.written && same_view == SameView::allowed;
    return std::ranges::any_of(uses_, [&](const TensorUse& other) {
      if (&other == &write || (other.tensor == write.tensor && write.written)) return false;
      const Extent shown = extent_of(trial_, direct_, other.tensor);
      return written.meets(shown) && !(allowed && written.is_view_of(shown));
    });
  }

  // The operand changed, and no operand is declared to write its storage, so it is not a view of that one.
  bool seen_written(const TensorUse& use) const {
    const auto declared = [&](const TensorUse& other) {
      return other.written && other.storage == use.storage;
    };
    return made_ && use.tensor.is_input() && std::ranges::none_of(uses_, declared) &&
           std::ranges::any_of(made_->changes, [&](const InputChange& change) {
             return change.input == use.tensor.index && change.values_changed;
           });
  }

  Trial& trial_;
  const Outcome& direct_;
  const CallOutcome* made_ = nullptr;
  std::vector<TensorUse> uses_;
};

}  // namespace

bool writes_shared_memory(Trial& trial, int call, SameView same_view) {
  return CallOperands(trial, call).share(same_view);
}

}  // namespace oracles
