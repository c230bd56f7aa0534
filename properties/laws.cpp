// Every declared law holds in each sound world, is tried there often enough, and is broken in each broken
// world.
#include <gtest/gtest.h>

#include <ostream>

#include "properties/law_driver.h"

namespace properties {

void PrintTo(const AnyLaw& law, std::ostream* to) { *to << law.sentence; }

namespace {

class Invariant : public testing::TestWithParam<AnyLaw> {};

TEST_P(Invariant, Holds) {
  const AnyLaw& law = GetParam();
  for (const AnyLaw::InWorld& world : law.sound) {
    SCOPED_TRACE(world.name);
    Count count;
    EXPECT_TRUE(holds(world.open(), std::string(law.sentence), count));
    EXPECT_GE(count.share(), law.floor) << to_string(count);
    RecordProperty(std::string(world.name), to_string(count));
  }
}

TEST_P(Invariant, ObjectsToBrokenWorlds) {
  constexpr uint64_t draws = 4000;
  for (const AnyLaw::InWorld& world : GetParam().broken)
    EXPECT_TRUE(is_broken(world.open(), draws)) << world.name;
}

INSTANTIATE_TEST_SUITE_P(Laws, Invariant, testing::ValuesIn(all_laws()),
                         [](const auto& law) { return law.param.name; });

}  // namespace
}  // namespace properties
