// reference: rides on the direct run. Each call's results against an independent computation of the same
// call, on the subject's own inputs to it, within the operator's declared tier; and whether it raises, where
// the reference is sure of that.
#include <algorithm>

#include "engine/core/error.h"
#include "oracles/checks.h"
#include "oracles/reference/reference_call.h"
#include "oracles/reference/reference_comparison.h"
#include "oracles/relations/relation.h"
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
  Divergence d;
  d.kind = Kind::error;
  d.left = side_of(outcome);
  d.right = side_that(End::must_raise, why);
  return differing(std::move(d));
}

// A call that writes nothing has no reason to refuse an index but that index, which the reference takes. Of
// memory, devices and ranges of numbers it knows too little to object to other errors.
CallVerdict must_return(const CallOutcome& outcome, const engine::Schema& schema) {
  const bool writes = std::any_of(schema.arguments.begin(), schema.arguments.end(), declares_write);
  const bool about_an_index = outcome.error_class == engine::name_of(engine::ErrorKind::index);
  if (writes || outcome.status != Status::raised || !about_an_index)
    return unknown("whether the call raises is not the reference's to tell");
  Divergence d;
  d.kind = Kind::error;
  d.left = side_of(outcome);
  d.right = side_that(End::must_return);
  return differing(std::move(d));
}

template <class W>
CallVerdict compare_results(const CallOutcome& outcome, const reference::Call<W>& call,
                            const Subject& subject, const std::string& op) {
  const std::vector<const Result*> found = flattened(outcome.results);
  if (found.size() != call.results.size()) {
    Divergence d;
    d.kind = Kind::outputs;
    d.place = {Part::results};
    d.left = side_showing(static_cast<int64_t>(found.size()));
    d.right = side_showing(static_cast<int64_t>(call.results.size()));
    return differing(std::move(d));
  }
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
    if (!reference) return unknown("no reference for " + op);
    if (outcome.error_class == "ArgumentError")  // nothing was called, and there is nothing to compute with
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

// Another pattern of fresh memory changes what the call returned: determinism says so.
bool is_uninitialised(Trial& trial, size_t call) {
  const Compared compared = compare(trial.direct(), trial.direct_other_pattern(), {});
  return compared.divergence && static_cast<size_t>(compared.call) <= call;
}

}  // namespace

Verdict check_reference(Trial& trial) {
  const reference::References* references = trial.subject().references();
  if (!references) return refused("this subject has no references");
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  Verdict verdict;
  CallJudge judge(trial, *references);
  const size_t calls = trial.direct().calls.size();
  for (size_t i = 0; i < calls; ++i) {
    CallVerdict made = judge.judge(i);
    const bool last = i + 1 == calls;
    if (made.judgement == Judgement::differ) {
      verdict.divergence = std::move(*made.divergence);
      verdict.divergence.call = static_cast<int>(i);
      verdict.divergence.op = trial.test_case().calls[i].op;
      if (is_uninitialised(trial, i))
        return incomparable(std::move(verdict), "reads uninitialised memory: judged by determinism");
      verdict.judgement = Judgement::differ;
      return verdict;
    }
    if (last) {  // the operator that the case is about
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
