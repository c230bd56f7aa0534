// variants: the functional form (left, the case's own last call) and an in-place or out= form of it (right,
// the program rewritten): values, dtype, sizes; the out is what is returned, keeps its geometry where it
// fits, and memory between its elements stays. An out that cannot hold the result's dtype is refused, and
// left alone. An out that is, or overlaps, an argument may be refused; where it is not, the result is the
// same: the library promises an error where it would not be.
#include <algorithm>

#include "corpora/case/text.h"
#include "oracles/checks.h"
#include "oracles/compare/element.h"
#include "oracles/relations/forms.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/experiments.h"
#include "oracles/trial/settle.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

const Exclusions& excluded() {
  static const Exclusions list{
      {"aten::empty*", "returns uninitialised memory by contract"},
      {"aten::new_empty*", "returns uninitialised memory by contract"},
      {"aten::_empty*", "returns uninitialised memory by contract"},
      {"aten::resize*", "what new elements hold depends on memory"},
      {"aten::set*", "replaces memory"},
      {"aten::_resize_output*", "is about the out argument itself"},
      {"aten::rename*", "is about names"},
  };
  return list;
}

// The outs after the call, as results: what is returned where something is, else what changed, else what was
// there.
std::vector<TensorSnapshot> outs_after(const Rewritten& rewritten, const corpora::Image& image,
                                       const CallOutcome& call) {
  std::vector<TensorSnapshot> after;
  for (const OutTensor& out : rewritten.outs) {
    const auto change = std::find_if(call.changes.begin(), call.changes.end(),
                                     [&](const InputChange& c) { return c.input == out.input; });
    after.push_back(change != call.changes.end() ? change->after
                                                 : input_snapshot(rewritten.program, image, out.input));
  }
  return after;
}

// A wider out's values back in the result's dtype.
TensorSnapshot narrowed(const TensorSnapshot& wide, engine::DType dtype) {
  TensorSnapshot narrow = wide;
  narrow.dtype = dtype;
  const size_t from = engine::size_of(wide.dtype);
  const size_t to = engine::size_of(dtype);
  const int components = components_of(dtype);
  const size_t count = wide.values.size() / from;
  narrow.values.assign(count * to, std::byte{0});
  for (size_t i = 0; i < count; ++i)
    for (int c = 0; c < components; ++c)
      store_component(
          dtype, component_at(wide.dtype, wide.values.data() + i * from, c),
          narrow.values.data() + i * to + static_cast<size_t>(c) * (to / static_cast<size_t>(components)));
  return narrow;
}

Outcome as_results(std::vector<TensorSnapshot> tensors) {
  CallOutcome call;
  for (TensorSnapshot& tensor : tensors) {
    Result result;
    result.kind = Result::Kind::tensor;
    result.tensor = std::move(tensor);
    call.results.push_back(std::move(result));
  }
  Outcome outcome;
  outcome.calls.push_back(std::move(call));
  return outcome;
}

class Judging {
 public:
  Judging(Trial& trial, const Form& form, const corpora::Path& path, const Rewritten& rewritten)
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
      return incomparable(std::move(verdict_), "an earlier call of the rewritten program ended it");
    if (right.last().status != Status::returned) {
      raised(right.last());
    } else if (form_.state == OutState::narrower) {
      differ(Kind::error, {Part::call}, side_that(End::must_raise), {});
      verdict_.divergence.right.whole = {result_of(outs_after(rewritten_, image_, right.last()).front())};
    } else {
      returned(right);
    }
    finish();
    return std::move(verdict_);
  }

 private:
  void differ(Kind kind, Place place, Side left, Side right) {
    verdict_.judgement = Judgement::differ;
    Divergence& d = verdict_.divergence;
    d.kind = kind;
    d.call = last_call();
    d.place = std::move(place);
    d.left = std::move(left);
    d.right = std::move(right);
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
    } else if (reads_what_it_writes(form_.state)) {
      verdict_.judgement = Judgement::agree;
    } else if (form_.state == OutState::wider || requires_a_layout(call)) {
      verdict_ = incomparable(std::move(verdict_), "this form states a requirement on what it writes");
    } else {
      verdict_.why.clear();
      differ(Kind::error, {Part::call}, side_of(trial_.direct().last()), side_of(call));
    }
  }

  // The layout of the out, or of what is written in place, may be what this form refuses.
  bool requires_a_layout(const CallOutcome& call) {
    return call.cause == ErrorCause::layout ||
           layout_can_change(trial_, rewritten_.program, {}, path_,
                             [](const Outcome& other) { return other.returned(); });
  }

  // A refused out must be as it was.
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

  Comparison rules() const {
    Comparison rules;
    rules.strides = rules.offset = rules.alias = rules.identity = rules.changes = false;
    const auto& operators = trial_.operators();
    rules.values = random_operator(operators) == nullptr && !form_.op->random;
    return rules;
  }

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
    Comparison with = rules();
    Compared compared = compare(left_side, right_side, with);
    if (compared.judgement == Judgement::differ) {
      settle(trial_, {left_side, right_side, with, compared, last_call()},
             {[&] { return left_again(); }, [&] { return right_again(); }}, verdict_);
      if (verdict_.judgement != Judgement::agree) return;
    }
    verdict_.judgement = Judgement::agree;
    geometry_kept(right_side.last());
    if (verdict_.judgement == Judgement::agree) identity_kept(right.last());
    if (verdict_.judgement == Judgement::agree) surroundings_kept(right.last());
  }

  Outcome left_again() { return left_results(trial_.direct_other_pattern()); }
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

  // Where the form returns tensors, they are the outs themselves.
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
          if (std::equal(before.values.begin() + static_cast<std::ptrdiff_t>(at),
                         before.values.begin() + static_cast<std::ptrdiff_t>(at + size),
                         change.after.values.begin() + static_cast<std::ptrdiff_t>(at)))
            continue;
          differ(Kind::mutation, {Part::between, static_cast<int32_t>(i)},
                 side_showing(Element::at(before.dtype, before.values.data() + at)),
                 side_showing(Element::at(before.dtype, change.after.values.data() + at)));
          return;
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

// The asked form's number, or one of the choices.
int32_t chosen_form(const Trial& trial, size_t forms) {
  for (const corpora::Layer& layer : trial.asked_path())
    if (layer.kind == LayerKind::form) return layer.storage;
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::form));
  return static_cast<int32_t>(choices.below(forms));
}

}  // namespace

Verdict check_variants(Trial& trial) {
  if (const std::string_view why = excluded().reason(trial.operators()); !why.empty()) return refused(why);
  const std::vector<Form> forms = other_forms(trial.subject().catalog(), trial.last_operator());
  if (forms.empty()) return refused("the operator has no other form");
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  const Outcome& functional = trial.direct();
  if (!functional.returned() || functional.calls.size() != trial.test_case().calls.size())
    return refused("the functional form raises");
  const int32_t number = chosen_form(trial, forms.size());
  if (static_cast<size_t>(number) >= forms.size()) return refused("the operator has no form of this number");
  const Form& form = forms[static_cast<size_t>(number)];
  std::string why;
  const std::optional<Rewritten> rewritten = rewrite(trial, form, functional, why);
  if (!rewritten) return refused(why);
  if (const std::string reason = trial.subject().refuses(rewritten->program, {}); !reason.empty())
    return refused(reason);
  const corpora::Path path{{LayerKind::form, number}};
  return Judging(trial, form, path, *rewritten).judge();
}

}  // namespace oracles
