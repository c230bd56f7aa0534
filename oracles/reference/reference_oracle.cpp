// reference: judges the direct run. Compares the results of each call with an independent computation on the
// inputs that the subject had for this call, within the declared accuracy of the operator; and whether the
// call raises, if the reference can decide that.
#include <algorithm>

#include "engine/core/error.h"
#include "oracles/compare/comparator.h"
#include "oracles/oracle_checks.h"
#include "oracles/reference/reference_call.h"
#include "oracles/reference/reference_comparison.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using reference::Quad;
using reference::Raises;
using reference::Unknown;

struct CallVerdict {
  Judgement judgement = Judgement::agree;
  std::string why = {};
  std::optional<Divergence> divergence = {};
  double worst_share = 0;
};

CallVerdict unknown(std::string why) { return {Judgement::incomparable, std::move(why)}; }

// Results in order, lists flattened.
std::vector<const Result*> flattened(const std::vector<Result>& results) {
  std::vector<const Result*> flat;
  for (const Result& each : results) {
    if (each.kind != Result::Kind::list) flat.push_back(&each);
    for (const Result& element : each.list) flat.push_back(&element);
  }
  return flat;
}

CallVerdict differing(Divergence divergence) { return {Judgement::differ, {}, std::move(divergence)}; }

CallVerdict must_raise(const CallOutcome& outcome, const std::string& why) {
  if (outcome.status == Status::raised) return {Judgement::both_raised};
  return differing(divergence_of(Kind::error, {}, side_of(outcome), side_that(End::must_raise, why)));
}

// A call that writes nothing may reject an index only if the index is invalid, and the reference accepts it.
// The reference does not know enough of memory, devices and ranges of numbers to judge other errors.
CallVerdict must_return(const CallOutcome& outcome, const engine::Schema& schema) {
  const bool writes = std::ranges::any_of(schema.arguments, declares_write);
  const bool about_an_index = outcome.error_class == engine::name_of(engine::ErrorKind::index);
  if (writes || outcome.status != Status::raised || !about_an_index)
    return unknown("the reference does not decide whether the call raises");
  return differing(divergence_of(Kind::error, {}, side_of(outcome), side_that(End::must_return)));
}

template <class W>
CallVerdict compare_results(const CallOutcome& outcome, const reference::Call<W>& call,
                            const Subject& subject, const std::string& op) {
  const std::vector<const Result*> found = flattened(outcome.results);
  if (found.size() != call.results.size())
    return differing(divergence_of(Kind::outputs, {Part::results}, static_cast<int64_t>(found.size()),
                                   static_cast<int64_t>(call.results.size())));
  CallVerdict made;
  for (size_t i = 0; i < found.size(); ++i) {
    const Accuracy accuracy = subject.accuracy(op, engine::class_of(call.results[i].values.dtype), {});
    AgainstReference compared = compare_with_reference(*found[i], call.results[i], accuracy);
    made.worst_share = std::max(made.worst_share, compared.worst_share);
    if (!compared.divergence) continue;
    Divergence& d = *compared.divergence;
    d.place.part = Part::result;
    d.place.index = static_cast<int32_t>(i);
    return differing(std::move(d));
  }
  return made;
}

class CallJudge {
 public:
  CallJudge(Trial& trial, const reference::References& references)
      : trial_(trial), references_(references), seen_(trial) {}

  CallVerdict judge(size_t call) {
    const CallOutcome& outcome = trial_.direct().calls[call];
    const std::string& op = trial_.test_case().calls[call].op;
    const reference::Reference* reference = references_.find(op);
    if (!reference) return unknown(op + " has no reference");
    if (outcome.error_class == "ArgumentError")  // the operator was not called
      return unknown("a value does not fit its argument");
    return is_wide(call) ? judge_in<Quad>(call, outcome, *reference)
                         : judge_in<double>(call, outcome, *reference);
  }
  void pass() { seen_.pass(); }

 private:
  bool is_wide(size_t call) {
    bool wide = false;
    for (const corpora::Value& value : trial_.test_case().calls[call].arguments)
      corpora::for_each_tensor(value, [&](const corpora::TensorRef& ref) {
        const TensorSnapshot* tensor = seen_.tensor(ref);
        wide = wide || (tensor && needs_quad(*tensor));
      });
    for (const TensorSnapshot* tensor : tensor_results(trial_.direct().calls[call]))
      wide = wide || needs_quad(*tensor);
    return wide;
  }

  template <class W>
  CallVerdict judge_in(size_t at, const CallOutcome& outcome, const reference::Reference& reference) {
    try {
      reference::Call<W> call =
          reference_call<W>(trial_.test_case().calls[at], trial_.operators()[at]->schema, seen_);
      evaluate(reference, call);
      if (outcome.status != Status::returned) return must_return(outcome, trial_.operators()[at]->schema);
      return compare_results(outcome, call, trial_.subject(), trial_.test_case().calls[at].op);
    } catch (const Raises& raises) {
      return must_raise(outcome, raises.why);
    } catch (const Unknown& why) {
      return unknown(why.why);
    }
  }

  Trial& trial_;
  const reference::References& references_;
  SeenTensors seen_;
};

// Whether a different memory pattern changes the results up to this call.
bool is_uninitialised(Trial& trial, size_t call) {
  const Compared compared = compare(trial.direct(), trial.direct_other_pattern(), {});
  return compared.divergence && static_cast<size_t>(compared.call) <= call;
}

}  // namespace

Verdict check_reference(Trial& trial) {
  const reference::References* references = trial.subject().references();
  if (!references) return refused("the subject has no references");
  if (auto verdict = early_verdict(trial)) return *verdict;
  Verdict verdict;
  CallJudge judge(trial, *references);
  const size_t calls = trial.direct().calls.size();
  for (size_t i = 0; i < calls; ++i) {
    CallVerdict made = judge.judge(i);
    const bool last = i + 1 == calls;
    if (made.judgement == Judgement::differ) {
      if (is_uninitialised(trial, i))
        return incomparable({}, "the call reads uninitialised memory; the oracle determinism reports that");
      return differs(trial, i, std::move(*made.divergence));
    }
    if (last) {  // the case is about its last operator
      verdict.judgement = made.judgement;
      verdict.why = std::move(made.why);
      verdict.worst_share = made.worst_share;
    } else {
      judge.pass();
    }
  }
  return verdict;
}

}  // namespace oracles
