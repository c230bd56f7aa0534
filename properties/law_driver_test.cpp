// The driver, on laws whose result is known.
#include "properties/law_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "corpora/case/draw_program.h"
#include "corpora/case/text.h"
#include "properties/program_writer.h"

namespace properties {
namespace {

using testing::HasSubstr;

// A law of drawn dispatch programs.
BoundLaw law_of_programs(Tried (*law)(const Case&)) {
  return {[](ChoiceSource& choices) { return case_of(corpora::draw_program(choices)); },
          [law](const Case& c, ChoiceSource&) { return law(c); }, &no_operators()};
}

size_t calls_in(const Case& c) {
  return static_cast<size_t>(
      std::ranges::count_if(c.program, [](const Statement& s) { return s.kind == StatementKind::call; }));
}

TEST(LawDriver, SmallestCounterexampleIsPrintedAsCaseText) {
  const BoundLaw law = law_of_programs([](const Case& c) {
    return calls_in(c) < 2 ? held() : broken("two calls", {{corpora::LayerKind::meta}});
  });
  Count count;
  testing::internal::CaptureStderr();
  const bool held = holds(law, "No program has two calls.", count);
  const std::string printed = testing::internal::GetCapturedStderr();
  EXPECT_FALSE(held);
  EXPECT_THAT(printed, HasSubstr("No program has two calls."));
  EXPECT_THAT(printed, HasSubstr("two calls\n"));
  const size_t begin = printed.find("faultline case"), end = printed.find("\n\n", begin);
  ASSERT_NE(begin, std::string::npos) << printed;
  const Case smallest = corpora::parse_case(printed.substr(begin, end - begin), "printed");
  EXPECT_EQ(smallest.program.size(), 2U) << printed;
  EXPECT_EQ(calls_in(smallest), 2U) << printed;
  EXPECT_EQ(smallest.header.path, corpora::Path{{corpora::LayerKind::meta}});
}

TEST(LawDriver, TriesAreCountedWithTheirReasons) {
  const BoundLaw law = law_of_programs(
      [](const Case& c) { return calls_in(c) == 0 ? not_tried("no call is drawn") : held(); });
  Count count;
  EXPECT_TRUE(holds(law, "Any call is fine.", count));
  EXPECT_GT(count.tried, 0);
  EXPECT_EQ(count.draws, count.tried + count.not_tried["no call is drawn"]);
  EXPECT_THAT(to_string(count), HasSubstr("times not: no call is drawn"));
}

TEST(LawDriver, LawThatIsNeverTriedIsNotBroken) {
  const BoundLaw law = law_of_programs([](const Case&) { return not_tried("never"); });
  Count count;
  EXPECT_TRUE(holds(law, "Nothing is tried.", count));
  EXPECT_EQ(count.share(), 0);
  EXPECT_FALSE(is_broken(law, 100));
}

TEST(LawDriver, LawThatOnlyTheLastDrawBreaksIsBroken) {
  BoundLaw law;
  law.catalog = &no_operators();
  int tries = 0;
  law.attempt = [&](const Case&, ChoiceSource&) { return held_if(++tries % 10 != 0, "the tenth"); };
  EXPECT_FALSE(is_broken(law, 9));
  tries = 0;
  EXPECT_TRUE(is_broken(law, 10));
}

}  // namespace
}  // namespace properties
