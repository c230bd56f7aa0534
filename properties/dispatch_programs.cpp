// Dispatch programs as a state machine for RapidCheck: drawn as campaigns draw them, shrunk as findings are.
// After every step the engine tells what the rules tell; and programs survive their text.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "corpora/case/draw_program.h"
#include "corpora/case/simpler.h"
#include "corpora/case/text.h"
#include "oracles/dispatch/conformance.h"
#include "oracles/oracle.h"
#include "oracles/subjects/engine/dispatch_machine.h"

namespace {

using corpora::Case;

Case drawn_program(uint64_t seed) {
  Case c;
  corpora::PhiloxChoices choices(seed, 0, 0);
  c.calls.push_back({std::string(corpora::program_operator), {}, {}});
  c.program = corpora::draw_program(choices);
  return c;
}

struct DrawnProgram {
  Case c;
};
void showValue(const DrawnProgram& drawn, std::ostream& to) { to << corpora::to_text(drawn.c); }

rc::Gen<DrawnProgram> programs() {
  return [](const rc::Random& random, int) {
    rc::Random source = random;
    return rc::shrinkable::map(
        rc::shrinkable::shrinkRecur(
            drawn_program(source.next()),
            [](const Case& c) { return rc::seq::fromContainer(corpora::simpler(c, corpora::Catalog())); }),
        [](Case c) { return DrawnProgram{std::move(c)}; });
  };
}

TEST(DispatchPrograms, TheEngineFollowsTheRules) {
  oracles::EngineMachine engine;
  EXPECT_TRUE(rc::check([&] {
    const DrawnProgram drawn = *programs();
    const oracles::Conformed conformed = oracles::conform(drawn.c.program, engine.judge(), engine);
    if (conformed.parting)
      RC_FAIL(conformed.parting->where + ": " + conformed.parting->left + " / " + conformed.parting->right);
  }));
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
