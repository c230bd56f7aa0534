// schema: judges the direct run. A call writes only what its schema declares as written, returns memory of an
// argument only if the schema declares that, returns written arguments themselves, and returns values of the
// declared number and types. A call that raises leaves its inputs unchanged, also those that it may write.
// Of a long program of one operator, some call must write what the schema declares as written.
#include <algorithm>
#include <optional>

#include "oracles/invariants/declared_writes.h"
#include "oracles/oracle_checks.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/overlap.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& about_memory() {
  static const Exclusions list{
      {"aten::set_*", "replaces the memory of its first argument, which its schema does not declare"},
      {"aten::set.*", "shares memory by contract"},
  };
  return list;
}

using Types = engine::TypeKind;

// The annotation of a value, or of the elements of a list.
const engine::AliasInfo* alias_of(const engine::Argument& argument) {
  if (!argument.alias) return nullptr;
  const engine::AliasInfo& alias = *argument.alias;
  return alias.before.empty() && !alias.contained.empty() ? &alias.contained.front() : &alias;
}

bool share_a_name(const engine::AliasInfo& a, const engine::AliasInfo& b) {
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::count(names, name) > 0;
  };
  if (has(a.after, "*") || has(b.before, "*") || has(b.after, "*")) return true;
  return std::ranges::any_of(
      b.before, [&](const std::string& name) { return has(a.before, name) || has(a.after, name); });
}

class CallJudge {
 public:
  CallJudge(const Trial& trial, const Outcome& direct, const std::vector<TensorUse>& uses, int32_t call)
      : case_(trial.test_case()),
        op_(*trial.operators()[static_cast<size_t>(call)]),
        schema_(op_.schema),
        outcome_(direct.calls[static_cast<size_t>(call)]) {
    for (const TensorUse& use : uses)
      if (use.call == call) uses_.push_back(use);
  }

  std::optional<Divergence> judge() {
    if (outcome_.guard_damaged)
      return divergence_of(Kind::mutation, {Part::beside}, Change::none, Change::values);
    if (auto d = undeclared_write()) return d;
    if (outcome_.status == Status::raised) return changes_before_raising();
    if (outcome_.status != Status::returned) return std::nullopt;
    if (auto d = write_without_version()) return d;
    if (auto d = shape_of_results()) return d;
    for (size_t i = 0; i < outcome_.results.size() && i < schema_.returns.size(); ++i)
      if (auto d = result(outcome_.results[i], i)) return d;
    return std::nullopt;
  }

 private:
  bool may_write(int32_t storage) const {
    return std::ranges::any_of(uses_,
                               [&](const TensorUse& use) { return use.written && use.storage == storage; });
  }

  std::optional<Divergence> undeclared_write() const {
    for (const InputChange& change : outcome_.changes) {
      if (may_write(case_.inputs[static_cast<size_t>(change.input)].storage)) continue;
      if (!change.values_changed && !change.geometry_changed) continue;
      Divergence d = divergence_of(Kind::mutation, {Part::input, change.input}, Change::none,
                                   change.values_changed ? Change::values : Change::geometry);
      d.right.whole = {result_of(change.after)};
      return d;
    }
    for (int32_t storage : outcome_.changed_storages)
      if (!may_write(storage))
        return divergence_of(Kind::mutation, {Part::storage, storage}, Change::none, Change::values);
    return std::nullopt;
  }

  // A call that raised must not have changed anything. The version of a declared write may: for an operator
  // of an author the library bumps it before the kernel, which may refuse.
  std::optional<Divergence> changes_before_raising() const {
    for (const InputChange& change : outcome_.changes) {
      if (op_.by_author && !change.geometry_changed && !change.values_changed) continue;
      const Place input{Part::input, change.input};
      Divergence d =
          change.geometry_changed ? divergence_of(Kind::sizes, input, Change::none, Change::geometry)
          : change.values_changed ? divergence_of(Kind::value, input, Change::none, Change::values)
                                  : divergence_of(Kind::version, input, int64_t{0}, change.version_delta);
      d.right.end = End::raised;
      d.right.error_class = outcome_.error_class;
      d.right.message = outcome_.message;
      d.right.whole = {result_of(change.after)};
      return d;
    }
    for (const int32_t storage : outcome_.changed_storages)
      return divergence_of(Kind::value, {Part::storage, storage}, Change::none, Change::values);
    return std::nullopt;
  }

  // Autograd trusts the version counter: a write that does not bump it lets a wrong gradient pass.
  std::optional<Divergence> write_without_version() const {
    for (const InputChange& change : outcome_.changes) {
      if (!writes_silently(change)) continue;
      Divergence d =
          divergence_of(Kind::version, {Part::input, change.input}, int64_t{1}, change.version_delta);
      d.right.whole = {result_of(change.after)};
      return d;
    }
    return std::nullopt;
  }

  std::optional<Divergence> shape_of_results() const {
    if (schema_.varreturns) return std::nullopt;
    if (outcome_.results.size() != schema_.returns.size())
      return divergence_of(Kind::outputs, {Part::results}, static_cast<int64_t>(schema_.returns.size()),
                           static_cast<int64_t>(outcome_.results.size()));
    for (size_t i = 0; i < schema_.returns.size(); ++i) {
      if (fits(schema_.returns[i].type, outcome_.results[i])) continue;
      Divergence d =
          divergence_of(Kind::outputs, result_at(i), Word{engine::to_string(schema_.returns[i].type)}, {});
      d.right.whole = {cut(outcome_.results[i])};
      return d;
    }
    return std::nullopt;
  }

  static Place result_at(size_t index) { return {Part::result, static_cast<int32_t>(index)}; }

  // True also for types that this oracle does not check.
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
    Divergence d = divergence_of(Kind::alias, result_at(index), Identity{},
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

  // A result with "(a!)" must be the argument with this annotation.
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
    Divergence d = divergence_of(Kind::identity, result_at(index), Identity{.input = argument->tensor.index},
                                 Identity{.input = t.same_as_input});
    d.right.whole = {result_of(t)};
    return d;
  }

  const corpora::Case& case_;
  const corpora::Operator& op_;
  const engine::Schema& schema_;
  const CallOutcome& outcome_;
  std::vector<TensorUse> uses_;
};

// PyTorch's operators reject a written view that overlaps itself or another operand, a missing tensor or a
// dtype when they come to it. An author who calls them for one tensor after the other cannot know before.
std::string_view rejected_late(Trial& trial, size_t call, const CallOutcome& outcome) {
  if (!trial.operators()[call]->by_author || outcome.status != Status::raised) return {};
  if (outcome.cause == ErrorCause::missing_dtype) return "the library has no kernel for a dtype";
  const auto missing = [](const corpora::Value& value) {
    return value.kind == corpora::ValueKind::undefined;
  };
  for (const corpora::Value& value : trial.test_case().calls[call].arguments)
    if (missing(value) || std::ranges::any_of(value.list, missing)) return "a tensor is missing";
  const bool overlaps = writes_shared_memory(trial, static_cast<int>(call), SameView::counts);
  return overlaps ? "a written tensor overlaps itself or another one" : "";
}

}  // namespace

Verdict check_schema(Trial& trial) {
  if (auto verdict = early_verdict(trial)) return *verdict;
  if (const std::string_view why = about_memory().reason(trial.operators()); !why.empty())
    return refused(why);
  const Outcome& direct = trial.direct();
  const std::vector<TensorUse>& uses = trial.uses();
  for (size_t i = 0; i < direct.calls.size(); ++i) {
    auto d = CallJudge(trial, direct, uses, static_cast<int32_t>(i)).judge();
    if (!d) continue;
    if (d->kind != Kind::mutation)
      if (const std::string_view why = rejected_late(trial, i, direct.calls[i]); !why.empty())
        return incomparable({}, why);
    return differs(trial, i, std::move(*d));
  }
  if (auto d = missing_write(trial)) return differs(trial, direct.calls.size() - 1, std::move(*d));
  Verdict verdict;
  verdict.judgement = direct.returned() ? Judgement::agree : Judgement::both_raised;
  return verdict;
}

}  // namespace oracles
