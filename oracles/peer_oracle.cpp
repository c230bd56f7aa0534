// peer: the engine and PyTorch on the operators that both have. Every other oracle asks whether the engine
// agrees with itself, or with what we wrote down; this one asks whether we believe the right thing.
//
// Where a call writes memory that another of its operands shows, or one element under two indices, PyTorch
// promises an error or the result of disjoint memory, and keeps neither: it looks at whole dense views only.
// A difference there says nothing.
#include <algorithm>

#include "oracles/checks.h"
#include "oracles/effects.h"
#include "oracles/relation.h"

namespace oracles {

namespace {

// Elements of a storage that a tensor may show: [low, high).
struct Extent {
  int32_t storage = -1;
  int64_t low = 0, high = 0;
  bool overlaps_itself = false;

  Extent(int32_t of, const engine::Dims& sizes, const engine::Dims& strides, int64_t offset)
      : storage(of), low(offset), high(offset), overlaps_itself(engine::may_overlap(sizes, strides)) {
    if (engine::element_count(sizes) == 0) return;
    for (size_t d = 0; d < sizes.size(); ++d) high += (sizes[d] - 1) * strides[d];
    ++high;
  }
  bool meets(const Extent& other) const {
    return storage == other.storage && low < other.high && other.low < high;
  }
};

// Where a written tensor ends up, when the call gave it another shape: it may have grown over its neighbours.
void grow(Extent& extent, const CallOutcome& call, const corpora::TensorRef& ref) {
  for (const InputChange& change : call.changes) {
    if (!ref.is_input() || change.input != ref.index || !change.geometry_changed) continue;
    const Extent after(extent.storage, change.after.sizes, change.after.strides, change.after.offset);
    extent.low = std::min(extent.low, after.low);
    extent.high = std::max(extent.high, after.high);
  }
}

Extent extent_of(const Trial& trial, const Outcome& direct, const corpora::TensorRef& ref) {
  if (ref.is_input()) {
    const corpora::Input& input = trial.test_case().inputs[static_cast<size_t>(ref.index)];
    return {input.storage, input.sizes, input.strides, input.offset};
  }
  const TensorSnapshot* tensor = tensor_result(direct.calls[static_cast<size_t>(ref.call)], ref.index);
  if (!tensor) return {-1, {}, {}, 0};
  return {tensor->storage, tensor->sizes, tensor->strides, tensor->offset};
}

bool writes_shared_memory(Trial& trial, int call) {
  std::vector<TensorUse> uses = tensor_uses(trial.test_case(), trial.operators(), trial.direct());
  std::erase_if(uses, [&](const TensorUse& use) { return use.call != call; });
  return std::ranges::any_of(uses, [&](const TensorUse& write) {
    if (!write.written) return false;
    Extent written = extent_of(trial, trial.direct(), write.tensor);
    grow(written, trial.direct().calls[static_cast<size_t>(call)], write.tensor);
    return written.overlaps_itself || std::ranges::any_of(uses, [&](const TensorUse& use) {
             return use.tensor != write.tensor && written.meets(extent_of(trial, trial.direct(), use.tensor));
           });
  });
}

// What is the peer's own affair says nothing of the engine.
Verdict of_the_engine_only(Trial& trial, Verdict verdict) {
  if (verdict.judgement == Judgement::memory)
    return incomparable(std::move(verdict), "PyTorch needs more memory than a case may have");
  if (verdict.judgement == Judgement::differ && verdict.divergence.uninitialised)
    return incomparable(std::move(verdict), "PyTorch reads uninitialised memory");
  if (verdict.judgement == Judgement::differ && writes_shared_memory(trial, verdict.divergence.call))
    return incomparable(std::move(verdict), "the call writes memory that its operands share");
  return verdict;
}

}  // namespace

Verdict check_peer(Trial& trial) {
  const corpora::Path peer{{corpora::LayerKind::peer}};
  if (const std::string why = trial.subject().refuses(trial.test_case(), peer); !why.empty())
    return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  Relation relation;
  relation.right = peer;
  relation.rules.bits = relation.rules.version = true;
  relation.rules.device = trial.subject().device() == "cpu";  // PyTorch's
  relation.undeclared_aliases = true;
  relation.fixed_layouts = false;  // what layouts an operator takes is part of what both must agree about
  relation.note = "The engine (left) must do what PyTorch (right) does.";
  return of_the_engine_only(trial, judge(trial, relation));
}

}  // namespace oracles
