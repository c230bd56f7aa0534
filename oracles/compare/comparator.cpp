#include "oracles/compare/comparator.h"

#include <algorithm>

#include "engine/core/check.h"
#include "oracles/compare/value_comparison.h"

namespace oracles {

namespace {

Side whole(Result result) {
  Side side;
  side.whole.push_back(cut(std::move(result)));
  return side;
}

bool same_significant_strides(const TensorSnapshot& l, const TensorSnapshot& r) {
  return l.strides == r.strides ||
         engine::significant_strides(l.sizes, l.strides) == engine::significant_strides(r.sizes, r.strides);
}

bool is_empty(const TensorSnapshot& t) { return engine::element_count(t.sizes) == 0; }

class OutcomeComparison {
 public:
  OutcomeComparison(const Outcome& left, const Outcome& right, const Comparison& rules)
      : left_(left), right_(right), rules_(rules) {}

  Compared run() {
    const size_t calls = std::min(left_.calls.size(), right_.calls.size());
    CHECK(calls > 0, "an outcome without calls");
    for (size_t i = 0; i < calls; ++i) {
      compared_.call = static_cast<int>(i);
      compared_.result = -1;
      const CallOutcome& l = left_.calls[i];
      const CallOutcome& r = right_.calls[i];
      if (l.status != Status::returned || r.status != Status::returned) return ended(l, r);
      if (auto d = results(l, r)) return differ(std::move(*d));
      if (rules_.changes)
        if (auto d = changes(l, r)) return differ(std::move(*d));
      if (!exact_) break;
    }
    return std::move(compared_);
  }

 private:
  Compared differ(Divergence d) {
    d.call = compared_.call;
    compared_.judgement = Judgement::differ;
    compared_.divergence = std::move(d);
    return std::move(compared_);
  }

  // At least one side of the call did not return.
  Compared ended(const CallOutcome& l, const CallOutcome& r) {
    for (const CallOutcome* side : {&l, &r})
      if (side->status == Status::not_implemented) return not_judged(Judgement::gap, side->message);
    if (l.status == Status::over_memory) return not_judged(Judgement::over_budget, l.message);
    if (l.status == Status::raised && r.status == Status::raised) {
      if (rules_.changes && rules_.raising_changes)
        if (auto d = changes_before_raising(l, r)) return differ(std::move(*d));
      return not_judged(Judgement::both_raised, {});
    }
    const bool over_memory = r.status == Status::over_memory;
    Compared ended =
        differ(divergence_of(over_memory ? Kind::memory : Kind::error, {}, side_of(l), side_of(r)));
    if (over_memory) ended.judgement = Judgement::memory;
    return ended;
  }

  Compared not_judged(Judgement judgement, const std::string& why) {
    compared_.judgement = judgement;
    compared_.why = why;
    return std::move(compared_);
  }

  // Both raise. A kernel may write some inputs before it raises; the right side must not write any others.
  std::optional<Divergence> changes_before_raising(const CallOutcome& l, const CallOutcome& r) {
    for (const InputChange& changed : r.changes) {
      const bool on_both = std::ranges::any_of(
          l.changes, [&](const InputChange& other) { return other.input == changed.input; });
      if (on_both) continue;
      if (auto d = one_sided(changed, false)) return d;
    }
    return std::nullopt;
  }

  std::optional<Divergence> results(const CallOutcome& l, const CallOutcome& r) {
    if (l.results.size() != r.results.size())
      return divergence_of(Kind::outputs, {Part::results}, static_cast<int64_t>(l.results.size()),
                           static_cast<int64_t>(r.results.size()));
    for (size_t i = 0; i < l.results.size(); ++i)
      if (auto d = result(l.results[i], r.results[i], {Part::result, static_cast<int32_t>(i)})) return d;
    return std::nullopt;
  }

  std::optional<Divergence> result(const Result& l, const Result& r, const Place& place) {
    compared_.result = place.index;
    if (l.kind != r.kind) return divergence_of(Kind::outputs, place, whole(l), whole(r));
    if (l.kind == Result::Kind::tensor) return tensor(l.tensor, r.tensor, place);
    if (l.kind == Result::Kind::plain) return plain(l, r, place);
    if (l.list.size() != r.list.size())
      return divergence_of(Kind::outputs, place, static_cast<int64_t>(l.list.size()),
                           static_cast<int64_t>(r.list.size()));
    for (size_t i = 0; i < l.list.size(); ++i)
      if (auto d = result(l.list[i], r.list[i], {Part::result, place.index, static_cast<int32_t>(i)}))
        return d;
    return std::nullopt;
  }

  std::optional<Divergence> plain(const Result& l, const Result& r, const Place& place) {
    if (l.plain == r.plain || !rules_.values) return std::nullopt;
    const bool reals = l.plain.kind == corpora::ValueKind::real && r.plain.kind == corpora::ValueKind::real;
    if (!reals) return divergence_of(Kind::value, place, l.plain, r.plain);
    compared_.dtype = engine::DType::f64;
    const ComparedValues compared = compare_values(scalar(l.plain.real), scalar(r.plain.real), rules_);
    if (note(compared)) return std::nullopt;
    return valued(
        divergence_of(compared.difference->kind, place, Element::of(l.plain.real), Element::of(r.plain.real)),
        *compared.difference);
  }

  static TensorSnapshot scalar(double x) {
    TensorSnapshot t;
    t.dtype = engine::DType::f64;
    const auto* bytes = reinterpret_cast<const std::byte*>(&x);
    t.values.assign(bytes, bytes + sizeof x);
    return t;
  }

  std::optional<Divergence> tensor(const TensorSnapshot& l, const TensorSnapshot& r, const Place& place) {
    auto d = l.defined != r.defined || l.opaque != r.opaque
                 ? std::optional(divergence_of(Kind::outputs, place, Side{}, Side{}))
                 : tensor_parts(l, r, place);
    if (d) {
      d->left.whole = {result_of(l)};
      d->right.whole = {result_of(r)};
    }
    return d;
  }

  std::optional<Divergence> tensor_parts(const TensorSnapshot& l, const TensorSnapshot& r,
                                         const Place& place) {
    if (!l.defined) return std::nullopt;
    if (l.opaque && l.type_name != r.type_name)
      return divergence_of(Kind::outputs, place, Word{l.type_name}, Word{r.type_name});
    if (rules_.dtype && l.dtype != r.dtype) return divergence_of(Kind::dtype, place, l.dtype, r.dtype);
    if (rules_.sizes && l.sizes != r.sizes) return divergence_of(Kind::sizes, place, l.sizes, r.sizes);
    if (l.opaque) return std::nullopt;
    if (rules_.values)
      if (auto d = values(l, r, place)) return d;
    if (auto d = geometry(l, r, place)) return d;
    return relations(l, r, place);
  }

  std::optional<Divergence> values(const TensorSnapshot& l, const TensorSnapshot& r, const Place& place) {
    if (!l.has_values || !r.has_values || l.dtype != r.dtype || l.values.size() != r.values.size())
      return std::nullopt;
    compared_.dtype = l.dtype;
    ComparedValues compared = compare_values(l, r, rules_);
    if (compared.difference && (has_no_signs(l) || has_no_signs(r)) && rules_.signed_zero) {
      Comparison unsigned_zeros = rules_;
      unsigned_zeros.signed_zero = false;
      compared = compare_values(l, r, unsigned_zeros);
    }
    if (note(compared)) return std::nullopt;
    const auto element = static_cast<size_t>(compared.difference->element);
    const size_t size = engine::size_of(l.dtype);
    Divergence d = divergence_of(compared.difference->kind, place,
                                 Element::at(l.dtype, l.values.data() + element * size),
                                 Element::at(r.dtype, r.values.data() + element * size));
    d.place.element = index_of(l.sizes, compared.difference->element);
    return valued(std::move(d), *compared.difference);
  }

  bool has_no_signs(const TensorSnapshot& t) const {
    return t.zero && (!rules_.zeros_are_positive || t.neg || t.conj);
  }

  Divergence valued(Divergence d, const ValueDifference& found) const {
    d.tier = found.exact ? Tier::t0 : rules_.tolerance.tier;
    d.difference = found.difference;
    d.bound = found.bound;
    d.bound_reason = rules_.tolerance.reason;
    return d;
  }

  // True if there is no difference.
  bool note(const ComparedValues& compared) {
    exact_ = exact_ && compared.exact;
    compared_.worst_share = std::max(compared_.worst_share, compared.worst_share);
    return !compared.difference;
  }

  std::optional<Divergence> geometry(const TensorSnapshot& l, const TensorSnapshot& r,
                                     const Place& place) const {
    const bool strides =
        rules_.strides && (rules_.fresh_strides || l.same_as_input >= 0 || aliases_input(l, r));
    if (strides && l.sizes == r.sizes && !same_significant_strides(l, r) && !is_resized_input(l, place))
      return divergence_of(Kind::strides, place, l.strides, r.strides);
    if (rules_.offset && l.offset != r.offset && !is_empty(l))
      return divergence_of(Kind::offset, place, l.offset, r.offset);
    if (rules_.device && l.device != r.device)
      return divergence_of(Kind::device, place, Word{l.device}, Word{r.device});
    if (rules_.bits && (l.conj != r.conj || l.neg != r.neg))
      return divergence_of(Kind::outputs, place, LazyBits{l.conj, l.neg}, LazyBits{r.conj, r.neg});
    if (rules_.requires_grad && l.requires_grad != r.requires_grad)
      return divergence_of(Kind::gradient, place, RequiresGrad{l.requires_grad},
                           RequiresGrad{r.requires_grad});
    return std::nullopt;
  }

  // The call resized an input, and the rules do not compare the strides of resized inputs.
  bool is_resized_input(const TensorSnapshot& l, const Place& place) const {
    const int32_t input = place.part == Part::input ? place.index : l.same_as_input;
    return !rules_.resized_strides && input >= 0 && rules_.before &&
           state_before(left_, input).sizes != l.sizes;
  }

  bool aliases_input(const TensorSnapshot& l, const TensorSnapshot& r) const {
    return rules_.first_fresh_storage >= 0 && l.storage >= 0 && l.storage < rules_.first_fresh_storage &&
           l.storage == r.storage;
  }

  std::optional<Divergence> relations(const TensorSnapshot& l, const TensorSnapshot& r,
                                      const Place& place) const {
    if (place.part == Part::input) return std::nullopt;
    if (rules_.alias && l.storage != r.storage && l.storage >= 0 && r.storage >= 0 && !is_empty(l))
      return divergence_of(Kind::alias, place, memory_of(l), memory_of(r));
    if (rules_.identity && l.same_as_input != r.same_as_input)
      return divergence_of(Kind::identity, place, Identity{.input = l.same_as_input},
                           Identity{.input = r.same_as_input});
    return std::nullopt;
  }

  Identity memory_of(const TensorSnapshot& t) const {
    const int32_t fresh = rules_.first_fresh_storage;
    return {.storage = t.storage, .fresh = fresh >= 0 && t.storage >= fresh};
  }

  std::optional<Divergence> changes(const CallOutcome& l, const CallOutcome& r) {
    compared_.result = -1;
    auto left = l.changes.begin();
    auto right = r.changes.begin();
    while (left != l.changes.end() || right != r.changes.end()) {
      std::optional<Divergence> d;
      if (right == r.changes.end() || (left != l.changes.end() && left->input < right->input)) {
        d = one_sided(*left++, true);
      } else if (left == l.changes.end() || right->input < left->input) {
        d = one_sided(*right++, false);
      } else {
        d = change(*left++, *right++);
      }
      if (d) return d;
    }
    return std::nullopt;
  }

  std::optional<Divergence> change(const InputChange& l, const InputChange& r) {
    const Place place{Part::input, l.input};
    if (auto d = tensor(l.after, r.after, place)) return d;
    // A kernel that consists of two in-place calls bumps the version twice. Autograd only needs to know
    // whether the version changed.
    if (rules_.version && (l.version_delta == 0) != (r.version_delta == 0))
      return divergence_of(Kind::version, place, l.version_delta, r.version_delta);
    return std::nullopt;
  }

  // Only one side reports a change of the input: the other side still has the input as it was before the
  // call.
  std::optional<Divergence> one_sided(const InputChange& changed, bool on_left) {
    const Place place{Part::input, changed.input};
    if (!changed.values_changed && !changed.geometry_changed) {
      if (!rules_.version || changed.version_delta == 0) return std::nullopt;
      const int64_t delta = changed.version_delta;
      return divergence_of(Kind::version, place, on_left ? delta : int64_t{0}, on_left ? int64_t{0} : delta);
    }
    if (!changed.geometry_changed && !rules_.values) return std::nullopt;
    const Change change = changed.geometry_changed ? Change::geometry : Change::values;
    Divergence d = divergence_of(Kind::mutation, place, on_left ? change : Change::none,
                                 on_left ? Change::none : change);
    Side& changing = on_left ? d.left : d.right;
    changing.whole = {result_of(changed.after)};
    if (!rules_.before) return d;
    const TensorSnapshot before = state_before(on_left ? right_ : left_, changed.input);
    const auto part = on_left ? tensor(changed.after, before, place) : tensor(before, changed.after, place);
    if (!part) return std::nullopt;
    (on_left ? d.right : d.left).whole = {result_of(before)};
    return d;
  }

  TensorSnapshot state_before(const Outcome& side, int32_t input) const {
    for (int i = compared_.call; i-- > 0;)
      for (const InputChange& change : side.calls[static_cast<size_t>(i)].changes)
        if (change.input == input) return change.after;
    return rules_.before(input);
  }

  const Outcome& left_;
  const Outcome& right_;
  const Comparison& rules_;
  Compared compared_;
  bool exact_ = true;
};

}  // namespace

engine::Dims index_of(const engine::Dims& sizes, int64_t element) {
  engine::Dims index(sizes.size());
  for (size_t d = sizes.size(); d-- > 0;) {
    index[d] = sizes[d] == 0 ? 0 : element % sizes[d];
    element = sizes[d] == 0 ? 0 : element / sizes[d];
  }
  return index;
}

Compared compare(const Outcome& left, const Outcome& right, const Comparison& rules) {
  return OutcomeComparison(left, right, rules).run();
}

}  // namespace oracles
