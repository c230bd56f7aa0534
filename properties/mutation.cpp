// Laws of mutating and crossing: whatever comes out is a case, the same for the same choices, and survives
// its text.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "corpora/case/case_laws.h"
#include "corpora/case/mutate.h"
#include "oracles/make_subject.h"

namespace {

using corpora::Case;

const corpora::Supply& engine_supply() {
  static const auto subject = oracles::make_subject("engine", {});
  static const corpora::Supply supply = [] {
    corpora::Supply made{subject->catalog(), subject->domains(), corpora::select(subject->catalog(), {}), {}};
    const auto& all = subject->catalog().operators();
    const auto* programs = subject->catalog().find(corpora::program_operator);
    made.operators.push_back(static_cast<size_t>(programs - all.data()));
    return made;
  }();
  return supply;
}

void check_is_a_case(const Case& c, const corpora::Catalog& catalog) {
  RC_ASSERT(corpora::fault_of(c) == "");
  for (const auto& call : c.calls) {
    const auto* declared = catalog.find(call.op);
    RC_ASSERT(declared != nullptr);
    RC_ASSERT(call.arguments.size() == declared->schema.arguments.size());
  }
  const std::string text = corpora::to_text(c);
  RC_ASSERT(corpora::parse_case(text, "mutated") == c);
}

// A drawn case, one in four a dispatch program.
Case some_case(uint64_t seed, uint64_t index) {
  corpora::PhiloxChoices choices(seed, 1, index);
  corpora::Supply supply = engine_supply();
  if (choices.chance(1, 4)) supply.operators = {supply.operators.back()};
  return corpora::draw(supply, choices);
}

// Long walks: what one mutation made is where the next begins.
TEST(Mutation, WalksStayAmongCases) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    Case c = some_case(seed, 0);
    corpora::PhiloxChoices choices(seed, 2, 0);
    for (int step = 0; step < 30; ++step) {
      c = corpora::mutate(c, engine_supply(), choices);
      check_is_a_case(c, engine_supply().catalog);
    }
  }));
}

TEST(Mutation, CrossingStaysAmongCases) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    Case c = some_case(seed, 0);
    corpora::PhiloxChoices choices(seed, 3, 0);
    for (uint64_t step = 1; step < 20; ++step) {
      c = corpora::cross(c, some_case(seed, step), engine_supply(), choices);
      check_is_a_case(c, engine_supply().catalog);
    }
  }));
}

TEST(Mutation, TheSameChoicesMakeTheSameCase) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    const Case c = some_case(seed, 0), other = some_case(seed, 1);
    const auto once = [&] {
      corpora::PhiloxChoices choices(seed, 4, 0);
      const Case mutated = corpora::mutate(c, engine_supply(), choices);
      return corpora::cross(mutated, other, engine_supply(), choices);
    };
    RC_ASSERT(once() == once());
  }));
}

// Anything that the text form can hold may be in a corpus; what does not fit the catalog gives way.
TEST(Mutation, TakesAnyWellFormedCase) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    const Case c = *corpora::arbitrary_cases();
    corpora::PhiloxChoices choices(seed, 5, 0);
    const corpora::Supply laws{corpora::law_catalog(), engine_supply().domains, {0, 1, 2}, {}};
    check_is_a_case(corpora::mutate(c, laws, choices), laws.catalog);
    check_is_a_case(corpora::mutate(c, engine_supply(), choices), engine_supply().catalog);
  }));
}

// A mutation that mostly began anew, or mostly changed nothing, would be no guide.
TEST(Mutation, MostlyChangesAPartAndKeepsTheRest) {
  int changed = 0, same_operator = 0, same_storages = 0;
  constexpr int all = 2000;
  for (uint64_t seed = 0; seed < all; ++seed) {
    const Case c = some_case(seed, 0);
    corpora::PhiloxChoices choices(seed, 6, 0);
    const Case made = corpora::mutate(c, engine_supply(), choices);
    changed += !(made == c);
    same_operator += made.calls.back().op == c.calls.back().op;
    same_storages += made.storages.size() == c.storages.size();
  }
  EXPECT_GT(changed, all * 95 / 100);
  EXPECT_GT(same_operator, all * 80 / 100);
  EXPECT_LT(same_operator, all);
  EXPECT_GT(same_storages, all / 2);
}

// Each way of changing a case shows in some thousand mutations.
TEST(Mutation, EveryPartIsChanged) {
  std::map<std::string, int> seen;
  for (uint64_t seed = 0; seed < 4000; ++seed) {
    const Case c = some_case(seed, 0);
    corpora::PhiloxChoices choices(seed, 7, 0);
    const Case made = corpora::mutate(c, engine_supply(), choices);
    seen["program"] += made.program != c.program;
    seen["path"] += made.header.path != c.header.path;
    seen["operator"] += made.calls.back().op != c.calls.back().op;
    seen["calls"] += made.calls.size() != c.calls.size();
    seen["arguments"] += made.calls.back().arguments != c.calls.back().arguments;
    if (made.storages.size() != c.storages.size() || made.inputs.size() != c.inputs.size()) continue;
    for (size_t s = 0; s < c.storages.size(); ++s) {
      seen["dtype"] += made.storages[s].dtype != c.storages[s].dtype;
      seen["fill"] += made.storages[s].rule != c.storages[s].rule;
    }
    for (size_t i = 0; i < c.inputs.size(); ++i) {
      seen["sizes"] += made.inputs[i].sizes != c.inputs[i].sizes;
      seen["rank"] += made.inputs[i].sizes.size() != c.inputs[i].sizes.size();
      seen["strides"] += made.inputs[i].strides != c.inputs[i].strides;
    }
  }
  for (const auto& [part, count] : seen) EXPECT_GT(count, 40) << part;
  EXPECT_EQ(seen.size(), 10U);
}

}  // namespace
