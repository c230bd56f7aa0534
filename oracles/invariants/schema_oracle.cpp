// schema: rides on the direct run. A call writes only what its schema marks as written, returns memory of an
// argument only where the schema lets it, returns written arguments as themselves, and as many values of the
// kinds that the schema declares. A call that raises leaves its inputs as they were, also those that it may write.
#include <fmt/format.h>

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
    if (outcome_.guard_damaged)
      return fault(Kind::mutation, "memory beside a block", "untouched", "written",
                   "A call must stay inside its tensors.");
    if (auto d = undeclared_write()) return d;
    if (outcome_.status == Status::raised) return left_behind();
    if (outcome_.status != Status::returned) return std::nullopt;
    if (auto d = shape_of_results()) return d;
    for (size_t i = 0; i < outcome_.results.size() && i < schema_.returns.size(); ++i)
      if (auto d = result(outcome_.results[i], i)) return d;
    return std::nullopt;
  }

 private:
  Divergence fault(Kind kind, std::string where, std::string left, std::string right,
                   std::string note) const {
    Divergence d;
    d.kind = kind;
    d.call = call_;
    d.op = case_.calls[static_cast<size_t>(call_)].op;
    d.where = std::move(where);
    d.left = std::move(left);
    d.right = std::move(right);
    d.left_all = "declared: " + engine::to_string(schema_);
    d.note = std::move(note);
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
      Divergence d = fault(Kind::mutation, fmt::format("input {}", change.input), "unchanged",
                           change.values_changed ? "values changed" : "geometry changed",
                           "A call must not write what its schema does not mark as written.");
      d.right_all = "after: " + to_text(change.after);
      return d;
    }
    for (int32_t storage : outcome_.changed_storages)
      if (!may_write(storage))
        return fault(Kind::mutation, fmt::format("storage {}", storage), "unchanged", "changed",
                     "A call must not write what its schema does not mark as written.");
    return std::nullopt;
  }

  std::optional<Divergence> left_behind() const {
    constexpr std::string_view rule =
        "A call that raises must leave the sizes, values and versions of its inputs as they were.";
    for (const InputChange& change : outcome_.changes) {
      const auto [kind, what] = change.geometry_changed ? std::pair(Kind::sizes, "another geometry")
                                : change.values_changed ? std::pair(Kind::value, "other values")
                                                        : std::pair(Kind::version, "another version");
      Divergence d = fault(kind, fmt::format("input {}", change.input), "as before the call", what,
                           std::string(rule));
      d.right_all = "after: " + to_text(change.after) + "; the call " + ending_text(outcome_);
      return d;
    }
    for (const int32_t storage : outcome_.changed_storages)
      return fault(Kind::value, fmt::format("storage {}", storage), "as before the call", "other values",
                   std::string(rule));
    return std::nullopt;
  }

  std::optional<Divergence> shape_of_results() const {
    if (schema_.varreturns) return std::nullopt;
    if (outcome_.results.size() != schema_.returns.size())
      return fault(Kind::outputs, "the results", fmt::format("{} results", schema_.returns.size()),
                   fmt::format("{} results", outcome_.results.size()),
                   "As many results as the schema declares.");
    for (size_t i = 0; i < schema_.returns.size(); ++i) {
      const std::string found = found_kind(outcome_.results[i]);
      if (!fits(schema_.returns[i].type, outcome_.results[i]))
        return fault(Kind::outputs, fmt::format("result {}", i), engine::to_string(schema_.returns[i].type),
                     found, "A result must be of the type that the schema declares.");
    }
    return std::nullopt;
  }

  static std::string found_kind(const Result& result) {
    if (result.kind == Result::Kind::tensor) return "a tensor";
    return result.kind == Result::Kind::list ? "a list" : to_text(result);
  }

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
    Divergence d = fault(Kind::alias, fmt::format("result {}", index), "memory of its own",
                         t.same_as_input >= 0 ? fmt::format("input {} itself", t.same_as_input)
                                              : fmt::format("memory of storage {}", t.storage),
                         "A result without an alias annotation must not share an argument's memory.");
    d.right_all = to_text(t);
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
    Divergence d =
        fault(Kind::identity, fmt::format("result {}", index),
              fmt::format("input {} itself", argument->tensor.index),
              t.same_as_input < 0 ? "another tensor" : fmt::format("input {} itself", t.same_as_input),
              "A result that the schema annotates as written must be that argument.");
    d.right_all = to_text(t);
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
