// variants: the functional form (left: the last call of the case) and an in-place or out= form of it (right:
// the rewritten program) agree in values, dtype and sizes. The form returns its out, keeps the geometry of an
// out that fits, and does not write memory between its elements. If the result cannot be cast to the dtype of
// out, the call raises and does not write it. If out is or overlaps an argument, or self overlaps itself, the
// call raises or returns the same.
#include <algorithm>

#include "corpora/case/text.h"
#include "oracles/compare/element_bytes.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/rewrite.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/experiments.h"
#include "oracles/trial/settle.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

const Exclusions& excluded() {
  static const Exclusions list = Exclusions::beside_uninitialised({
      {"aten::set*", "replaces memory"},
      {"aten::rename*", "changes names only"},
  });
  return list;
}

// The outs after the call; an out without a change is as it was.
std::vector<TensorSnapshot> outs_after(const Rewritten& rewritten, const corpora::Image& image,
                                       const CallOutcome& call) {
  std::vector<TensorSnapshot> after;
  for (const OutTensor& out : rewritten.outs) {
    const auto change = std::ranges::find(call.changes, out.input, &InputChange::input);
    after.push_back(change != call.changes.end() ? change->after
                                                 : input_snapshot(rewritten.program, image, out.input));
  }
  return after;
}

// The values of a wider out in the dtype of the result.
TensorSnapshot narrowed(const TensorSnapshot& wide, engine::DType dtype) {
  TensorSnapshot narrow = wide;
  narrow.dtype = dtype;
  narrow.values = converted(wide.values, wide.dtype, dtype);
  return narrow;
}

Outcome as_results(std::vector<TensorSnapshot> tensors) {
  Outcome outcome;
  CallOutcome& call = outcome.calls.emplace_back();
  for (TensorSnapshot& tensor : tensors) {
    Result& result = call.results.emplace_back();
    result.kind = Result::Kind::tensor;
    result.tensor = std::move(tensor);
  }
  return outcome;
}

class FormJudge {
 public:
  FormJudge(Trial& trial, const Form& form, const corpora::Path& path, const Rewritten& rewritten)
      : trial_(trial),
        form_(form),
        rewritten_(rewritten),
        path_(path),
        image_(corpora::image_of(rewritten.program)) {
    verdict_.right = path;
  }

  Verdict judge() {
    const Outcome right = trial_.run(rewritten_.program, {}, path_);
    if (right.calls.size() != trial_.direct().calls.size())
      return incomparable(std::move(verdict_), "an earlier call of the rewritten program did not return");
    if (right.last().status != Status::returned) {
      raised(right.last());
    } else if (const auto outs = outs_after(rewritten_, image_, right.last());
               form_.state == OutState::narrower && !outs.empty()) {
      differ(Kind::error, {Part::call}, side_that(End::must_raise), {});
      verdict_.divergence.right.whole = {result_of(outs.front())};
    } else {
      returned(right);
    }
    finish();
    return std::move(verdict_);
  }

 private:
  void differ(Kind kind, Place place, Side left, Side right) {
    verdict_.judgement = Judgement::differ;
    verdict_.divergence = divergence_of(kind, std::move(place), std::move(left), std::move(right));
    verdict_.divergence.call = last_call();
  }

  void raised(const CallOutcome& call) {
    verdict_.why = call.message;
    if (call.status == Status::not_implemented) {
      verdict_.judgement = Judgement::gap;
    } else if (call.status == Status::over_memory) {
      differ(Kind::memory, {Part::call}, {}, side_of(call));
      verdict_.judgement = Judgement::memory;
    } else if (form_.state == OutState::narrower) {
      untouched(call);
    } else if (reads_what_it_writes(form_.state) || rewritten_.writes_overlap) {
      verdict_.judgement = Judgement::agree;
    } else if (form_.state == OutState::wider || requires_a_layout(call)) {
      verdict_ =
          incomparable(std::move(verdict_), "this form restricts the dtype or layout of what it writes");
    } else if (form_.state == OutState::empty && form_.op->by_author) {
      // PyTorch resizes an out; an author may check its sizes instead.
      verdict_ =
          incomparable(std::move(verdict_), "this form rejects an out of other sizes than the result's");
    } else {
      verdict_.why.clear();
      differ(Kind::error, {Part::call}, side_of(trial_.direct().last()), side_of(call));
    }
  }

  // The form may reject the layout of the out, or of self in place.
  bool requires_a_layout(const CallOutcome& call) {
    return call.cause == ErrorCause::layout ||
           layout_can_change(trial_, rewritten_.program, {}, path_,
                             [](const Outcome& other) { return other.returned(); });
  }

  // The call raises and must not have written the outs.
  void untouched(const CallOutcome& call) {
    for (const OutTensor& out : rewritten_.outs)
      for (const InputChange& change : call.changes) {
        if (change.input != out.input || (!change.values_changed && !change.geometry_changed)) continue;
        Side changed = side_of(call);
        changed.shown = change.geometry_changed ? Change::geometry : Change::values;
        changed.whole = {result_of(change.after)};
        Side kept = side_showing(Change::none);
        kept.whole = {result_of(input_snapshot(rewritten_.program, image_, out.input))};
        differ(Kind::mutation, {Part::out, static_cast<int32_t>(&out - rewritten_.outs.data())},
               std::move(kept), std::move(changed));
        return;
      }
    verdict_.judgement = Judgement::agree;
  }

  int last_call() const { return static_cast<int>(trial_.test_case().calls.size()) - 1; }

  Outcome left_results(const Outcome& functional) const {
    std::vector<TensorSnapshot> tensors;
    for (const TensorSnapshot* tensor : tensor_results(functional.last())) tensors.push_back(*tensor);
    return as_results(std::move(tensors));
  }

  Outcome right_results(const Outcome& other) const {
    std::vector<TensorSnapshot> tensors = outs_after(rewritten_, image_, other.last());
    const auto left = tensor_results(trial_.direct().last());
    for (size_t i = 0; i < tensors.size() && form_.state == OutState::wider; ++i)
      if (tensors[i].dtype != left[i]->dtype && tensors[i].has_values)
        tensors[i] = narrowed(tensors[i], left[i]->dtype);
    return as_results(std::move(tensors));
  }

  void returned(const Outcome& right) {
    const Outcome left_side = left_results(trial_.direct());
    const Outcome right_side = right_results(right);
    Comparison rules;
    rules.strides = rules.offset = rules.alias = rules.identity = rules.changes = false;
    rules.values = !is_random(trial_) && !right.last().generator_used;
    const Compared compared = compare(left_side, right_side, rules);
    if (compared.judgement == Judgement::differ) {
      settle(trial_, {left_side, right_side, rules, compared, last_call()},
             {[&] { return left_results(trial_.direct_other_pattern()); }, [&] { return right_again(); }},
             verdict_);
      if (verdict_.judgement != Judgement::agree) return;
    }
    verdict_.judgement = Judgement::agree;
    geometry_kept(right_side.last());
    if (verdict_.judgement == Judgement::agree) identity_kept(right.last());
    if (verdict_.judgement == Judgement::agree) surroundings_kept(right.last());
  }

  Outcome right_again() {
    const Outcome again = trial_.run(rewritten_.program, {{LayerKind::pattern}}, path_);
    return again.returned() ? right_results(again) : as_results({});
  }

  void geometry_kept(const CallOutcome& outs) {
    if (form_.state == OutState::empty || form_.op->changes_geometry) return;
    for (size_t i = 0; i < outs.results.size(); ++i) {
      const TensorSnapshot& after = outs.results[i].tensor;
      const corpora::Input& before = rewritten_.program.inputs[static_cast<size_t>(rewritten_.outs[i].input)];
      const auto expected = engine::significant_strides(before.sizes, before.strides);
      if (engine::significant_strides(after.sizes, after.strides) == expected &&
          after.offset == before.offset)
        continue;
      differ(Kind::strides, {Part::out, static_cast<int32_t>(i)}, side_showing(before.strides),
             side_showing(after.strides));
      verdict_.divergence.right.whole = {result_of(after)};
      return;
    }
  }

  // If the form returns tensors, they must be the outs.
  void identity_kept(const CallOutcome& call) {
    const auto returned = tensor_results(call);
    for (size_t i = 0; i < returned.size() && i < rewritten_.outs.size(); ++i) {
      if (!returned[i]->defined || returned[i]->opaque ||
          returned[i]->same_as_input == rewritten_.outs[i].input)
        continue;
      const auto index = static_cast<int32_t>(i);
      differ(Kind::identity, {Part::result, index}, side_showing(Identity{.out = index}),
             side_showing(Identity{}));
      verdict_.divergence.right.whole = {result_of(*returned[i])};
      return;
    }
  }

  void surroundings_kept(const CallOutcome& call) {
    for (size_t i = 0; i < rewritten_.outs.size(); ++i)
      for (const InputChange& change : call.changes) {
        if (change.input != rewritten_.outs[i].surrounding || !change.after.has_values) continue;
        const TensorSnapshot before = input_snapshot(rewritten_.program, image_, change.input);
        const size_t size = engine::size_of(before.dtype);
        if (change.after.values.size() != before.values.size()) continue;
        for (size_t at = 0; at < before.values.size(); at += 2 * size) {
          const Element expected = Element::at(before.dtype, before.values.data() + at);
          const Element found = Element::at(before.dtype, change.after.values.data() + at);
          if (expected == found) continue;
          return differ(Kind::mutation, {Part::between, static_cast<int32_t>(i)}, side_showing(expected),
                        side_showing(found));
        }
      }
  }

  void finish() {
    if (!verdict_.is_detection()) return;
    verdict_.divergence.op = form_.op->name;
    verdict_.divergence.form = form_.state;
    verdict_.right_case = corpora::to_text(rewritten_.program);
  }

  Trial& trial_;
  const Form& form_;
  const Rewritten& rewritten_;
  const corpora::Path& path_;
  const corpora::Image image_;
  Verdict verdict_;
};

}  // namespace

Verdict check_variants(Trial& trial) {
  if (const std::string_view why = excluded().reason(trial.operators()); !why.empty()) return refused(why);
  const std::vector<Form> forms = other_forms(trial.subject().catalog(), trial.last_operator());
  if (forms.empty()) return refused("the operator has no other form");
  if (auto verdict = early_verdict(trial)) return *verdict;
  const Outcome& functional = trial.direct();
  if (!functional.returned() || functional.calls.size() != trial.test_case().calls.size())
    return refused("the functional form raises");
  const int32_t number = chosen_number(trial, LayerKind::form, forms.size());
  if (static_cast<size_t>(number) >= forms.size())
    return refused("the operator has no form with this number");
  const Form& form = forms[static_cast<size_t>(number)];
  std::string why;
  const corpora::Path path{{LayerKind::form, number}};
  const std::optional<Rewritten> rewritten = rewrite(trial, form, functional, why, path);
  if (!rewritten) return refused(why);
  if (const std::string reason = trial.subject().refuses(rewritten->program, {}); !reason.empty())
    return refused(reason);
  return FormJudge(trial, form, path, *rewritten).judge();
}

}  // namespace oracles
