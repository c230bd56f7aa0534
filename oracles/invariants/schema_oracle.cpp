// schema: rides on the direct run. A call writes only what its schema marks as written, returns memory of an
// argument only where the schema lets it, returns written arguments as themselves, and as many values of the
// kinds that the schema declares. A call that raises leaves its inputs as they were, also those that it may
// write.
#include <algorithm>
#include <optional>

#include "oracles/checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& about_memory() {
  static const Exclusions list{
      {"aten::set_*",
       "makes its first argument share the second one's memory, which its schema does not say"},
      {"aten::set.*", "shares memory by contract"},
  };
  return list;
}

using Types = engine::TypeKind;

// The annotation of a value or, of a list, of its elements.
const engine::AliasInfo* alias_of(const engine::Argument& argument) {
  if (!argument.alias) return nullptr;
  const engine::AliasInfo& alias = *argument.alias;
  return alias.before.empty() && !alias.contained.empty() ? &alias.contained.front() : &alias;
}

bool share_a_name(const engine::AliasInfo& a, const engine::AliasInfo& b) {
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (has(a.after, "*") || has(b.before, "*") || has(b.after, "*")) return true;
  return std::any_of(b.before.begin(), b.before.end(),
                     [&](const std::string& name) { return has(a.before, name) || has(a.after, name); });
}

class CallJudge {
 public:
  CallJudge(const Trial& trial, const Outcome& direct, const std::vector<TensorUse>& uses, int32_t call)
      : case_(trial.test_case()),
        schema_(trial.operators()[static_cast<size_t>(call)]->schema),
        outcome_(direct.calls[static_cast<size_t>(call)]),
        call_(call) {
    for (const TensorUse& use : uses)
      if (use.call == call) uses_.push_back(use);
  }

  std::optional<Divergence> judge() {
    if (outcome_.guard_damaged) return fault(Kind::mutation, {Part::beside}, Change::none, Change::values);
    if (auto d = undeclared_write()) return d;
    if (outcome_.status == Status::raised) return left_behind();
    if (outcome_.status != Status::returned) return std::nullopt;
    if (auto d = shape_of_results()) return d;
    for (size_t i = 0; i < outcome_.results.size() && i < schema_.returns.size(); ++i)
      if (auto d = result(outcome_.results[i], i)) return d;
    return std::nullopt;
  }

 private:
  Divergence fault(Kind kind, Place place, Shown left, Shown right) const {
    Divergence d;
    d.kind = kind;
    d.call = call_;
    d.op = case_.calls[static_cast<size_t>(call_)].op;
    d.place = std::move(place);
    d.left = side_showing(std::move(left));
    d.right = side_showing(std::move(right));
    return d;
  }

  bool may_write(int32_t storage) const {
    return std::any_of(uses_.begin(), uses_.end(),
                       [&](const TensorUse& use) { return use.written && use.storage == storage; });
  }

  std::optional<Divergence> undeclared_write() const {
    for (const InputChange& change : outcome_.changes) {
      if (may_write(case_.inputs[static_cast<size_t>(change.input)].storage)) continue;
      if (!change.values_changed && !change.geometry_changed) continue;
      Divergence d = fault(Kind::mutation, {Part::input, change.input}, Change::none,
                           change.values_changed ? Change::values : Change::geometry);
      d.right.whole = {result_of(change.after)};
      return d;
    }
    for (int32_t storage : outcome_.changed_storages)
      if (!may_write(storage))
        return fault(Kind::mutation, {Part::storage, storage}, Change::none, Change::values);
    return std::nullopt;
  }

  // What a call that raised has changed all the same.
  std::optional<Divergence> left_behind() const {
    for (const InputChange& change : outcome_.changes) {
      const Place input{Part::input, change.input};
      Divergence d = change.geometry_changed ? fault(Kind::sizes, input, Change::none, Change::geometry)
                     : change.values_changed ? fault(Kind::value, input, Change::none, Change::values)
                                             : fault(Kind::version, input, int64_t{0}, change.version_delta);
      d.right.end = End::raised;
      d.right.error_class = outcome_.error_class;
      d.right.message = outcome_.message;
      d.right.whole = {result_of(change.after)};
      return d;
    }
    for (const int32_t storage : outcome_.changed_storages)
      return fault(Kind::value, {Part::storage, storage}, Change::none, Change::values);
    return std::nullopt;
  }

  std::optional<Divergence> shape_of_results() const {
    if (schema_.varreturns) return std::nullopt;
    if (outcome_.results.size() != schema_.returns.size())
      return fault(Kind::outputs, {Part::results}, static_cast<int64_t>(schema_.returns.size()),
                   static_cast<int64_t>(outcome_.results.size()));
    for (size_t i = 0; i < schema_.returns.size(); ++i) {
      if (fits(schema_.returns[i].type, outcome_.results[i])) continue;
      Divergence d = fault(Kind::outputs, result_at(i), Word{engine::to_string(schema_.returns[i].type)}, {});
      d.right.whole = {cut(outcome_.results[i])};
      return d;
    }
    return std::nullopt;
  }

  static Place result_at(size_t index) { return {Part::result, static_cast<int32_t>(index)}; }

  // True also for what this oracle has no view on.
  static bool fits(const engine::Type& type, const Result& result) {
    using corpora::ValueKind;
    const bool plain = result.kind == Result::Kind::plain;
    switch (type.kind) {
      case Types::tensor:
        return result.kind == Result::Kind::tensor;
      case Types::list:
        return result.kind == Result::Kind::list;
      case Types::integer:
      case Types::sym_int:
        return plain && result.plain.kind == ValueKind::integer;
      case Types::real:
        return plain && result.plain.kind == ValueKind::real;
      case Types::boolean:
        return plain && result.plain.kind == ValueKind::boolean;
      default:
        return true;
    }
  }

  std::optional<Divergence> result(const Result& result, size_t index) const {
    if (result.kind == Result::Kind::tensor) return tensor(result.tensor, index);
    for (const Result& element : result.list)
      if (element.kind == Result::Kind::tensor)
        if (auto d = tensor(element.tensor, index)) return d;
    return std::nullopt;
  }

  std::optional<Divergence> tensor(const TensorSnapshot& t, size_t index) const {
    if (!t.defined || t.opaque) return std::nullopt;
    const engine::AliasInfo* alias = alias_of(schema_.returns[index]);
    if (alias != nullptr && alias->write) return written_result(t, index, *alias);
    if (t.storage < 0 || t.storage >= static_cast<int32_t>(case_.storages.size())) return std::nullopt;
    if (engine::element_count(t.sizes) == 0 || may_alias(alias, t.storage)) return std::nullopt;
    Divergence d = fault(Kind::alias, result_at(index), Identity{},
                         Identity{.input = t.same_as_input, .storage = t.storage});
    d.right.whole = {result_of(t)};
    return d;
  }

  bool may_alias(const engine::AliasInfo* alias, int32_t storage) const {
    bool is_argument = false;
    for (const TensorUse& use : uses_) {
      if (use.storage != storage) continue;
      is_argument = true;
      const engine::AliasInfo* other = alias_of(schema_.arguments[static_cast<size_t>(use.argument)]);
      if (alias != nullptr && other != nullptr && share_a_name(*other, *alias)) return true;
    }
    return !is_argument;
  }

  // "(a!)" on a result: the very argument with that annotation.
  std::optional<Divergence> written_result(const TensorSnapshot& t, size_t index,
                                           const engine::AliasInfo& alias) const {
    const TensorUse* argument = nullptr;
    for (const TensorUse& use : uses_) {
      const engine::AliasInfo* other = alias_of(schema_.arguments[static_cast<size_t>(use.argument)]);
      if (other == nullptr || !other->write || !share_a_name(*other, alias)) continue;
      if (use.in_list || !use.tensor.is_input()) return std::nullopt;
      argument = &use;
    }
    if (argument == nullptr || t.same_as_input == argument->tensor.index) return std::nullopt;
    Divergence d = fault(Kind::identity, result_at(index), Identity{.input = argument->tensor.index},
                         Identity{.input = t.same_as_input});
    d.right.whole = {result_of(t)};
    return d;
  }

  const corpora::Case& case_;
  const engine::Schema& schema_;
  const CallOutcome& outcome_;
  int32_t call_;
  std::vector<TensorUse> uses_;
};

}  // namespace

Verdict check_schema(Trial& trial) {
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  if (const std::string_view why = about_memory().reason(trial.operators()); !why.empty())
    return refused(why);
  const Outcome& direct = trial.direct();
  const std::vector<TensorUse>& uses = trial.uses();
  Verdict verdict;
  for (size_t i = 0; i < direct.calls.size(); ++i) {
    auto d = CallJudge(trial, direct, uses, static_cast<int32_t>(i)).judge();
    if (!d) continue;
    verdict.judgement = Judgement::differ;
    verdict.divergence = std::move(*d);
    return verdict;
  }
  verdict.judgement = direct.returned() ? Judgement::agree : Judgement::both_raised;
  return verdict;
}

}  // namespace oracles
