// The invariants of the engine's fallbacks, each a property by its number (INV-nn). Each holds in the engine,
// and each objects to the dispatcher in which its rule is broken (oracles/planted/fallbacks/). A failure
// prints the seed that draws it, and the case where one is drawn.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "properties/fallback_laws.h"

namespace {

using properties::FallbackLaw;
using properties::FallbackWorld;

class OfFallbacks : public testing::TestWithParam<FallbackLaw> {
 protected:
  static std::string fault(FallbackWorld& world, uint64_t seed) {
    corpora::PhiloxChoices choices(seed, static_cast<uint64_t>(GetParam().invariant), 0);
    return GetParam().fault(world, choices);
  }
};

TEST_P(OfFallbacks, HoldsInTheEngine) {
  FallbackWorld world;
  EXPECT_TRUE(rc::check([&](uint64_t seed) {
    if (const std::string found = fault(world, seed); !found.empty()) RC_FAIL(found);
  }));
}

TEST_P(OfFallbacks, ObjectsWhereItsRuleIsBroken) {
  constexpr uint64_t seeds = 4000;
  int broken = 0;
  for (const oracles::BrokenFallback& row : oracles::all_broken_fallbacks()) {
    if (row.invariant != GetParam().invariant) continue;
    ++broken;
    FallbackWorld world;
    world.break_with(row);
    bool objects = false;
    for (uint64_t seed = 0; seed < seeds && !objects; ++seed) objects = !fault(world, seed).empty();
    EXPECT_TRUE(objects) << row.mistake;
  }
  EXPECT_GT(broken, 0);
}

std::string name_of_law(const testing::TestParamInfo<FallbackLaw>& info) {
  return fmt::format("INV_{:02}_{}", info.param.invariant, info.param.name);
}
INSTANTIATE_TEST_SUITE_P(Invariant, OfFallbacks, testing::ValuesIn(properties::fallback_laws()), name_of_law);

}  // namespace
