// meta: the real run (left) and the Meta path (right) agree in sizes, strides, offset, dtype, aliasing,
// number of outputs, and whether they raise, unless the real run depends on values, which the Meta path does
// not have.
#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/experiments.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& depends_on_data_or_device() {
  static const Exclusions list{
      {"aten::set_*", "replaces memory"},
      {"aten::set.*", "replaces memory"},
      {"aten::is_set_to*", "returns something about memory"},
      {"aten::is_pinned", "returns something about memory"},
      {"aten::_has_same_storage_numel*", "returns something about memory"},
      {"aten::_local_scalar_dense*", "depends on a value"},
      {"aten::item", "depends on a value"},
      {"aten::is_nonzero", "depends on a value"},
      {"aten::equal", "depends on values"},
      {"aten::allclose", "depends on values"},
      {"aten::*Int*", "converts a value"},
      {"aten::_nnpack_available", "depends on the machine"},
      {"aten::_use_cudnn*", "depends on the machine"},
      {"aten::is_vulkan_available", "depends on the machine"},
      {"aten::cuda*", "requires another device"},
      {"aten::cpu", "depends on the device"},
      {"aten::to.*", "names a device"},
      {"aten::_to_cpu", "depends on the device"},
      {"aten::_autocast_to_*", "depends on the device"},
      {"aten::_sparse_*_tensor_unsafe*", "takes its device from an option"},
      {"aten::_nested_*", "has no Meta tensors"},
  };
  return list;
}

bool results_differ(const Outcome& a, const Outcome& b, size_t call) {
  if (a.calls.size() <= call || b.calls.size() <= call || b.calls[call].status != Status::returned)
    return false;
  const auto left = tensor_results(a.calls[call]);
  const auto right = tensor_results(b.calls[call]);
  if (left.size() != right.size()) return true;
  for (size_t i = 0; i < left.size(); ++i)
    if (left[i]->sizes != right[i]->sizes || left[i]->strides != right[i]->strides ||
        left[i]->dtype != right[i]->dtype || left[i]->storage != right[i]->storage ||
        left[i]->defined != right[i]->defined)
      return true;
  return false;
}

// Why the real run may raise although Meta cannot know; empty if Meta must raise, too.
std::string_view unknown_to_meta(Trial& trial, const corpora::Path& meta, const CallOutcome& real,
                                 size_t call) {
  const auto returns = [call](const Outcome& other) { return passes(other, call); };
  const corpora::Operator& op = *trial.operators()[call];
  // The library gives such an operator a Meta kernel that does nothing, if its author gives none.
  if (op.by_author && op.schema.returns.empty()) return "the Meta path has no result to describe";
  if (real.cause == ErrorCause::missing_kernel) return "this device has no kernel for these arguments";
  if (real.cause == ErrorCause::values) return "the error depends on values";
  const auto another_end = [&](const Outcome& other) {
    return passes(other, call) || (other.calls.size() == call + 1 && other.last().message != real.message);
  };
  if (data_can_change(trial, {}, meta, another_end) || results_can_change(trial, meta, another_end))
    return "the error depends on values";
  if (real.cause == ErrorCause::unknown && may_index_nothing(trial.test_case()))
    return "the error may be an index into an empty tensor";
  // Meta kernels of authors rarely repeat which dtypes another kernel is instantiated for.
  const bool any_class = real.cause == ErrorCause::missing_dtype || op.by_author;
  if (dtype_can_change(trial, meta, any_class, returns))
    return "the kernel of this device does not support the dtype";
  return {};
}

// The real run raises, the Meta path does not.
Verdict meta_accepts(Trial& trial, Verdict verdict) {
  const size_t call = trial.direct().calls.size() - 1;
  const std::string_view why = unknown_to_meta(trial, verdict.right, trial.direct().last(), call);
  return why.empty() ? verdict : incomparable(std::move(verdict), why);
}

// Whether a composite kernel of an author served the call. It serves all devices, but raises on Meta if it
// reads elements or checks the device: the operator then has no Meta kernel, rather than a wrong one.
bool served_by_composite(Trial& trial, const corpora::Path& path, size_t call) {
  if (!trial.operators()[call]->by_author) return false;
  trial.subject().record_trace(true);
  const Outcome traced = trial.run(path);
  trial.subject().record_trace(false);
  size_t top = 0;
  for (const TraceEntry& entry : traced.trace) {
    if (entry.depth != 0 || top++ != call) continue;
    const engine::Reason reason = trial.subject().served_by(entry).reason;
    return reason == engine::Reason::composite_implicit || reason == engine::Reason::composite_explicit;
  }
  return false;
}

// The Meta path raises, the real run does not. With other values it might.
Verdict meta_refuses(Trial& trial, Verdict verdict, const CallOutcome& meta) {
  if (meta.cause == ErrorCause::no_data) {
    verdict = incomparable(std::move(verdict), meta.message);
    verdict.judgement = Judgement::gap;
    return verdict;
  }
  const auto call = static_cast<size_t>(verdict.divergence.call);
  const bool by_data = data_can_change(trial, {}, verdict.right, [&](const Outcome& other) {
    return other.calls.size() == call + 1 && other.last().status == Status::raised;
  });
  if (by_data) return incomparable(std::move(verdict), "whether the real run raises depends on values");
  if (!served_by_composite(trial, verdict.right, call)) return verdict;
  verdict =
      incomparable(std::move(verdict), "no Meta kernel, and the composite kernel raises: " + meta.message);
  verdict.judgement = Judgement::gap;
  return verdict;
}

Verdict settle_error(Trial& trial, Verdict verdict, const Outcome& meta) {
  const auto call = static_cast<size_t>(verdict.divergence.call);
  if (meta.calls[call].status == Status::returned) return meta_accepts(trial, std::move(verdict));
  return meta_refuses(trial, std::move(verdict), meta.calls[call]);
}

}  // namespace

Verdict check_meta(Trial& trial) {
  const corpora::Path meta{{corpora::LayerKind::meta}};
  if (const std::string_view why = depends_on_data_or_device().reason(trial.operators()); !why.empty())
    return refused(why);
  if (auto verdict = early_verdict(trial, meta)) return *verdict;
  if (const std::string what = trial.subject().known_gap(trial.test_case(), meta); !what.empty())
    return gap(what);
  Relation relation;
  relation.right = meta;
  relation.rules.values = relation.rules.device = false;
  relation.rules.bits = true;
  relation.accepts_layout_errors = !trial.subject().meta_knows_layouts();
  const Outcome right = trial.run(meta);
  Verdict verdict = judge(trial, relation, trial.direct(), right);
  if (verdict.judgement != Judgement::differ) return verdict;
  if (verdict.divergence.kind == Kind::error) return settle_error(trial, std::move(verdict), right);
  const auto call = static_cast<size_t>(verdict.divergence.call);
  if (data_can_change(trial, {}, meta,
                      [&](const Outcome& other) { return results_differ(trial.direct(), other, call); }))
    return incomparable(std::move(verdict), "the result of the real run depends on values");
  return verdict;
}

}  // namespace oracles
