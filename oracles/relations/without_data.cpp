#include "oracles/relations/without_data.h"

#include <optional>
#include <utility>

#include "oracles/trial/effects.h"
#include "oracles/trial/experiments.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

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

// Why the real run may raise although the right side cannot know; empty if it must raise, too.
std::string_view unknown_without_data(Trial& trial, const Verdict& verdict, const CallOutcome& real,
                                      size_t call) {
  const corpora::Path& path = verdict.right;
  const auto returns = [call](const Outcome& other) { return passes(other, call); };
  const corpora::Operator& op = *trial.operators()[call];
  // The library gives such an operator a Meta kernel that does nothing, if its author gives none.
  if (op.by_author && op.schema.returns.empty()) return "the Meta path has no result to describe";
  if (real.cause == ErrorCause::missing_kernel) return "this device has no kernel for these arguments";
  if (real.cause == ErrorCause::values) return "the error depends on values";
  const auto another_end = [&](const Outcome& other) {
    return passes(other, call) || (other.calls.size() == call + 1 && other.last().message != real.message);
  };
  corpora::Path other_data = verdict.left;  // ZeroTensors have no data to change
  std::erase_if(other_data, [](const corpora::Layer& each) { return each.kind == corpora::LayerKind::zero; });
  if (data_can_change(trial, other_data, path, another_end) || results_can_change(trial, path, another_end))
    return "the error depends on values";
  if (real.cause == ErrorCause::unknown && may_index_nothing(trial.test_case()))
    return "the error may be an index into an empty tensor";
  // Meta kernels of authors rarely repeat which dtypes another kernel is instantiated for.
  const bool any_class = real.cause == ErrorCause::missing_dtype || op.by_author;
  if (dtype_can_change(trial, path, any_class, returns))
    return "the kernel of this device does not support the dtype";
  return {};
}

// The real run raises, the other does not.
Verdict accepts_without_data(Trial& trial, const Outcome& real, Verdict verdict) {
  const size_t call = real.calls.size() - 1;
  const std::string_view why = unknown_without_data(trial, verdict, real.last(), call);
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

// The real run does not raise, the other does. With other values it might.
Verdict refuses_without_data(Trial& trial, Verdict verdict, const CallOutcome& error) {
  if (error.cause == ErrorCause::no_data) {
    verdict = incomparable(std::move(verdict), error.message);
    verdict.judgement = Judgement::gap;
    return verdict;
  }
  const auto call = static_cast<size_t>(verdict.divergence.call);
  const bool by_data = data_can_change(trial, verdict.left, verdict.right, [&](const Outcome& other) {
    return other.calls.size() == call + 1 && other.last().status == Status::raised;
  });
  if (by_data) return incomparable(std::move(verdict), "whether the real run raises depends on values");
  if (!served_by_composite(trial, verdict.right, call)) return verdict;
  verdict =
      incomparable(std::move(verdict), "no Meta kernel, and the composite kernel raises: " + error.message);
  verdict.judgement = Judgement::gap;
  return verdict;
}

Verdict settle_error(Trial& trial, Verdict verdict, const Outcome& left, const Outcome& right) {
  const auto call = static_cast<size_t>(verdict.divergence.call);
  if (right.calls[call].status == Status::returned)
    return accepts_without_data(trial, left, std::move(verdict));
  return refuses_without_data(trial, std::move(verdict), right.calls[call]);
}

bool is_number(const corpora::Value& value) {
  using enum corpora::ValueKind;
  return value.kind == integer || value.kind == real || value.kind == boolean || value.kind == complex;
}

// The first result that is another number on the right side, and not because of uninitialised memory.
std::optional<Verdict> other_number(Trial& trial, const Outcome& real, const Outcome& right,
                                    const Verdict& verdict) {
  if (is_random(trial)) return std::nullopt;
  for (size_t call = 0; call < real.calls.size() && call < right.calls.size(); ++call) {
    const std::vector<Result>&l = real.calls[call].results, &r = right.calls[call].results;
    for (size_t i = 0; i < l.size() && i < r.size(); ++i) {
      if (!is_number(l[i].plain) || !is_number(r[i].plain) || l[i].plain == r[i].plain) continue;
      const Outcome& again = trial.direct_other_pattern();
      if (again.calls.size() <= call || again.calls[call].results[i].plain != l[i].plain) return std::nullopt;
      return differs(
          trial, call,
          divergence_of(Kind::value, {Part::result, static_cast<int32_t>(i)}, l[i].plain, r[i].plain),
          verdict);
    }
  }
  return std::nullopt;
}

}  // namespace

Verdict judge_without_data(Trial& trial, const Relation& relation, bool numbers) {
  std::optional<Outcome> own;  // the trial has the direct run
  if (!relation.left.empty()) own = trial.run(relation.left);
  const Outcome& left = own ? *own : trial.direct();
  if (left.last().status == Status::over_memory) return over_budget(left.last().message);
  const Outcome right = trial.run(relation.right);
  Verdict verdict = judge(trial, relation, left, right);
  if (verdict.judgement == Judgement::agree && numbers)
    return other_number(trial, left, right, verdict).value_or(verdict);
  if (verdict.judgement != Judgement::differ) return verdict;
  if (verdict.divergence.kind == Kind::error) return settle_error(trial, std::move(verdict), left, right);
  const auto call = static_cast<size_t>(verdict.divergence.call);
  if (data_can_change(trial, relation.left, relation.right,
                      [&](const Outcome& other) { return results_differ(left, other, call); }))
    return incomparable(std::move(verdict), "the result of the real run depends on values");
  return verdict;
}

}  // namespace oracles
