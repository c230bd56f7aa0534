// INV-01 to INV-29 of the rules of dispatching, each a property by its number. Each holds on what is sound
// (the engine, and the rules by themselves), and each objects to the dispatcher, or the function, in which
// its rule is broken (oracles/planted/dispatch/).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/core/input_error.h"
#include "oracles/planted/dispatch/broken_algebra.h"
#include "oracles/planted/dispatch/broken_machine.h"
#include "oracles/subjects/engine/dispatch_machine.h"
#include "properties/dispatch_laws.h"

namespace {

using corpora::ChoiceSource;
using corpora::PhiloxChoices;
using engine::DispatchKey;
using engine::KeySet;
using oracles::KeyFunctions;
using oracles::SchemaFunctions;

constexpr uint64_t rounds = 3000;

// The first fault in so many rounds, or nothing.
template <class Law>
std::string first_fault(Law&& law, uint64_t stream) {
  for (uint64_t round = 0; round < rounds; ++round) {
    PhiloxChoices choices(1, stream, round);
    if (std::string fault = law(choices); !fault.empty()) return fmt::format("round {}: {}", round, fault);
  }
  return {};
}

// --- programs

class OfPrograms : public testing::TestWithParam<properties::DispatchLaw> {
 protected:
  static std::string fault_in(oracles::DispatchMachine& machine) {
    const auto& law = GetParam();
    return first_fault([&](ChoiceSource& choices) { return law.fault(machine, choices); },
                       static_cast<uint64_t>(law.invariant));
  }
};

TEST_P(OfPrograms, HoldsInTheEngine) {
  oracles::EngineMachine engine;
  EXPECT_EQ(fault_in(engine), "");
}
TEST_P(OfPrograms, HoldsInTheRules) {
  oracles::RulesMachine rules(oracles::sound_rules(), oracles::usual_fallbacks());
  EXPECT_EQ(fault_in(rules), "");
}
TEST_P(OfPrograms, ObjectsWhereItsRuleIsBroken) {
  int broken = 0;
  for (const oracles::BrokenDispatch& row : oracles::all_broken_dispatch()) {
    if (row.invariant != GetParam().invariant) continue;
    ++broken;
    EXPECT_NE(fault_in(*row.make()), "") << row.mistake;
  }
  EXPECT_GT(broken, 0);
}

std::string name_of_law(const testing::TestParamInfo<properties::DispatchLaw>& info) {
  return fmt::format("INV_{:02}_{}", info.param.invariant, info.param.name);
}
INSTANTIATE_TEST_SUITE_P(Invariant, OfPrograms,
                         testing::ValuesIn(properties::dispatch_laws().begin(),
                                           properties::dispatch_laws().end()),
                         name_of_law);

// --- keys and threads

KeySet any_set(ChoiceSource& choices) {
  KeySet keys;
  for (uint64_t left = choices.below(6); left > 0; --left) keys |= choices.pick(engine::table_keys());
  return keys;
}
DispatchKey any_key(ChoiceSource& choices) { return choices.pick(engine::table_keys()); }

std::string slot_is_the_highest_keys(const KeyFunctions& f, ChoiceSource& choices) {
  const KeySet keys = any_set(choices);
  return engine::table_keys()[f.slot(keys) % engine::table_size] == f.highest(keys) ? "" : to_string(keys);
}
std::string difference_keeps_backends(const KeyFunctions& f, ChoiceSource& choices) {
  const KeySet keys = any_set(choices);
  const DispatchKey key = any_key(choices);
  const KeySet left = f.minus(keys | key, key);
  return (left & KeySet::backends()) == ((keys | key) & KeySet::backends()) ? "" : to_string(left);
}
std::string full_after_is_below(const KeyFunctions& f, ChoiceSource& choices) {
  const DispatchKey a = any_key(choices), b = any_key(choices);
  if (a == DispatchKey::Undefined || b == DispatchKey::Undefined) return {};
  if (a != DispatchKey::PythonDispatcher && f.full_after(a).has(a)) return "it holds the key itself";
  if (!f.full_after(a).has(DispatchKey::PythonDispatcher)) return "PythonDispatcher is gone";
  const bool lower = engine::functionality_of(a) <= engine::functionality_of(b);
  return !lower || f.full_after(b).has_all(f.full_after(a)) ? "" : "not monotone";
}
std::string aliases_are_no_members(const KeyFunctions& f, ChoiceSource& choices) {
  const KeySet keys = any_set(choices);
  const auto alias =
      static_cast<DispatchKey>(choices.between(engine::first_alias_key, engine::dispatch_key_count - 1));
  return f.add(keys, alias) == keys && !keys.has(alias) ? "" : std::string(name_of(alias));
}
std::string threads_start_with_the_defaults(const KeyFunctions& f, ChoiceSource& choices) {
  if (!choices.chance(1, 100)) return {};  // threads are dear
  const engine::IncludeKeys include(any_key(choices));
  const engine::ExcludeKeys exclude(any_key(choices));
  return f.in_new_thread() == engine::ThreadKeys() ? "" : "it sees the keys of its parent";
}
std::string views_have_the_keys_of_their_base(const KeyFunctions& f, ChoiceSource& choices) {
  engine::Tensor base = engine::make_tensor(engine::DType::f32, std::vector<int64_t>{2});
  base.set_keys(base.keys() | any_set(choices));
  if (f.of_view(base) != base.keys()) return "a view has other keys";
  for (DispatchKey bit : {DispatchKey::Conjugate, DispatchKey::Negative})
    if ((base.toggled(bit).keys() ^ base.keys()) != KeySet(bit)) return "toggling changes more than the bit";
  return {};
}
std::string observers_see_pairs(const KeyFunctions& f, ChoiceSource& choices) {
  return f.observed(choices.chance(1, 2)) == "(())" ? "" : "not one begin and one end for each call";
}

struct KeyLaw {
  int invariant;
  std::string_view name;
  std::string (*fault)(const KeyFunctions&, ChoiceSource&);
};
constexpr std::array key_laws{
    KeyLaw{1, "SlotIsTheHighestKeys", slot_is_the_highest_keys},
    KeyLaw{2, "DifferenceKeepsBackends", difference_keeps_backends},
    KeyLaw{3, "FullAfterIsBelow", full_after_is_below},
    KeyLaw{4, "AliasesAreNoMembers", aliases_are_no_members},
    KeyLaw{11, "ThreadsStartWithTheDefaults", threads_start_with_the_defaults},
    KeyLaw{12, "ViewsHaveTheKeysOfTheirBase", views_have_the_keys_of_their_base},
    KeyLaw{21, "ObserversSeePairs", observers_see_pairs},
};

class OfKeys : public testing::TestWithParam<KeyLaw> {};
std::string key_fault(const KeyFunctions& functions, const KeyLaw& law) {
  return first_fault([&](ChoiceSource& choices) { return law.fault(functions, choices); },
                     static_cast<uint64_t>(law.invariant));
}
TEST_P(OfKeys, HoldsInTheEngine) { EXPECT_EQ(key_fault(oracles::sound_keys(), GetParam()), ""); }
TEST_P(OfKeys, ObjectsWhereItsRuleIsBroken) {
  EXPECT_NE(key_fault(oracles::broken_keys(GetParam().invariant), GetParam()), "");
}
INSTANTIATE_TEST_SUITE_P(Invariant, OfKeys, testing::ValuesIn(key_laws), [](const auto& row) {
  return fmt::format("INV_{:02}_{}", row.param.invariant, row.param.name);
});

// --- schemas

// A schema of drawn arguments, as text.
std::string any_schema(ChoiceSource& choices) {
  constexpr std::array<std::string_view, 14> arguments{
      "Tensor x",         "Tensor(a!) y",         "Tensor? z=None", "int n=3",
      "float p=2.0",      "float q=0.5",          "bool b=True",    "int[2] s=1",
      "str mode=\"a\"",   "Tensor[] list",        "Scalar alpha=1", "int[]? dims=None",
      "Device d=\"cpu\"", "float[] w=[1.0, 0.25]"};
  std::string text = "n::f" + std::to_string(choices.below(3)) + "(Tensor self";
  bool keyword = false;
  for (std::string_view argument : arguments) {
    if (!choices.chance(1, 3)) continue;
    const bool needs = argument.find('=') == std::string_view::npos;
    if (!keyword && (needs || choices.chance(1, 3))) text += ", *";
    keyword = keyword || needs || text.ends_with("*");
    text.append(", ").append(argument);
  }
  return text + ") -> " + (choices.chance(1, 2) ? "Tensor" : "(Tensor, int)");
}

std::string printing_is_lossless(const SchemaFunctions& f, ChoiceSource& choices) {
  const engine::Schema schema = f.parse(any_schema(choices));
  const std::string text = f.print(schema);
  const engine::Schema again = f.parse(text);
  return again == schema && f.print(again) == text ? "" : text;
}
std::string parsing_refuses_with_a_position(const SchemaFunctions& f, ChoiceSource& choices) {
  std::string text = any_schema(choices);
  constexpr std::string_view bytes =
      "()[]!?=,.:*#'\"\\ \n\x7f\xff"
      "aT9";
  for (uint64_t left = 1 + choices.below(4); left > 0; --left)
    text[choices.below(text.size())] = choices.pick(bytes);
  try {
    f.parse(text);
  } catch (const engine::InputError& error) {
    return error.where().empty() ? "refused without a position: " + text : "";
  }
  return {};
}
std::string defaults_keep_their_kind(const SchemaFunctions& f, ChoiceSource& choices) {
  const engine::Schema schema = f.parse(any_schema(choices));
  const engine::Schema again = f.parse(f.print(schema));
  for (size_t i = 0; i < schema.arguments.size(); ++i)
    if (schema.arguments[i].default_value != again.arguments[i].default_value) return f.print(schema);
  return {};
}
std::string compatibility_is_an_order(const SchemaFunctions& f, ChoiceSource& choices) {
  constexpr std::array<std::string_view, 4> more{", int a=1", ", Tensor? b=None", ", float c=0.5",
                                                 ", bool d=True"};
  std::vector<engine::Schema> chain;
  std::string arguments = "Tensor x";
  for (uint64_t i = 0; i <= choices.below(4) + 2; ++i) {
    chain.push_back(f.parse("n::f(" + arguments + ") -> Tensor"));
    if (i < more.size()) arguments += more[i];
  }
  for (const engine::Schema& each : chain)
    if (!f.compatible(each, each)) return "not reflexive";
  for (size_t i = 2; i < chain.size(); ++i)
    if (f.compatible(chain[i], chain[i - 1]) && f.compatible(chain[i - 1], chain[i - 2]) &&
        !f.compatible(chain[i], chain[i - 2]))
      return "not transitive";
  return {};
}

struct SchemaLaw {
  int invariant;
  std::string_view name;
  std::string (*fault)(const SchemaFunctions&, ChoiceSource&);
};
constexpr std::array schema_laws{
    SchemaLaw{26, "PrintingIsLossless", printing_is_lossless},
    SchemaLaw{27, "ParsingRefusesWithAPosition", parsing_refuses_with_a_position},
    SchemaLaw{28, "DefaultsKeepTheirKind", defaults_keep_their_kind},
    SchemaLaw{29, "CompatibilityIsAnOrder", compatibility_is_an_order},
};

class OfSchemas : public testing::TestWithParam<SchemaLaw> {};
std::string schema_fault(const SchemaFunctions& functions, const SchemaLaw& law) {
  return first_fault(
      [&](ChoiceSource& choices) -> std::string {
        try {
          return law.fault(functions, choices);
        } catch (const engine::InputError& error) {
          return error.line();
        }
      },
      static_cast<uint64_t>(law.invariant));
}
TEST_P(OfSchemas, HoldsInTheEngine) { EXPECT_EQ(schema_fault({}, GetParam()), ""); }
TEST_P(OfSchemas, ObjectsWhereItsRuleIsBroken) {
  EXPECT_NE(schema_fault(oracles::broken_schemas(GetParam().invariant), GetParam()), "");
}
INSTANTIATE_TEST_SUITE_P(Invariant, OfSchemas, testing::ValuesIn(schema_laws), [](const auto& row) {
  return fmt::format("INV_{:02}_{}", row.param.invariant, row.param.name);
});

TEST(Invariants, NoneIsMissing) {
  std::set<int> there;
  for (const auto& law : properties::dispatch_laws()) there.insert(law.invariant);
  for (const auto& law : key_laws) there.insert(law.invariant);
  for (const auto& law : schema_laws) there.insert(law.invariant);
  for (int invariant = 1; invariant <= 29; ++invariant) EXPECT_TRUE(there.contains(invariant)) << invariant;
}

}  // namespace
