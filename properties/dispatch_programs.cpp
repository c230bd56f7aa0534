// Laws of drawn dispatch programs: text form and shrinking.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "corpora/case/draw_program.h"
#include "corpora/case/simpler.h"
#include "corpora/case/text.h"

namespace {

using corpora::Case;

Case drawn_program(uint64_t seed) {
  Case c;
  corpora::PhiloxChoices choices(seed, 0, 0);
  c.calls.push_back({std::string(corpora::program_operator), {}, {}});
  c.program = corpora::draw_program(choices);
  return c;
}

TEST(DispatchPrograms, TextIsLossless) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    const Case c = drawn_program(seed);
    RC_ASSERT(corpora::fault_of(c) == "");
    const std::string text = corpora::to_text(c);
    RC_ASSERT(corpora::parse_case(text, "program") == c);
  }));
}

TEST(DispatchPrograms, SimplerOnesAreWellFormedAndSmaller) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    const Case c = drawn_program(seed);
    const corpora::Measure measure = corpora::measure_of(c, {});
    for (const Case& each : corpora::simpler(c, {})) {
      RC_ASSERT(corpora::fault_of(each) == "");
      RC_ASSERT(corpora::measure_of(each, {}) < measure);
    }
  }));
}

}  // namespace
