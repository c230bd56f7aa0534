// Laws of simpler(): what it proposes is well formed and another case, and following it always ends.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "corpora/case/choice_source.h"
#include "corpora/case/simpler.h"
#include "corpora/case/text.h"
#include "properties/torch_catalog.h"

namespace {

using corpora::Case;
using properties::drawn;
using properties::torch_catalog;

TEST(Shrinking, CandidatesAreWellFormedAndDiffer) {
  SKIP_WITHOUT_TORCH();
  EXPECT_TRUE(rc::check([](uint64_t seed, uint64_t op, uint16_t index) {
    const Case c = drawn(seed, op, index);
    for (const Case& candidate : corpora::simpler(c, torch_catalog())) {
      RC_ASSERT(corpora::fault_of(candidate) == "");
      RC_ASSERT(!(candidate == c));
      for (const auto& call : candidate.calls)
        RC_ASSERT(call.arguments.size() == torch_catalog().find(call.op)->schema.arguments.size());
    }
  }));
}

// Any walk ends: here one that takes a candidate chosen by the seed at each step.
TEST(Shrinking, AnyWalkEnds) {
  SKIP_WITHOUT_TORCH();
  EXPECT_TRUE(rc::check([](uint64_t seed, uint64_t op, uint16_t index) {
    Case c = drawn(seed, op, index);
    corpora::PhiloxChoices choices(seed, 1, index);
    int steps = 0;
    for (auto candidates = corpora::simpler(c, torch_catalog()); !candidates.empty();
         candidates = corpora::simpler(c, torch_catalog())) {
      c = choices.pick(candidates);
      RC_ASSERT(++steps < 3000);
    }
  }));
}

// The boldest first: a walk along first candidates is short, which is what makes minimising cheap.
TEST(Shrinking, TheBoldestWalkIsShort) {
  SKIP_WITHOUT_TORCH();
  EXPECT_TRUE(rc::check([](uint64_t seed, uint64_t op, uint16_t index) {
    Case c = drawn(seed, op, index);
    int steps = 0;
    for (auto candidates = corpora::simpler(c, torch_catalog()); !candidates.empty();
         candidates = corpora::simpler(c, torch_catalog())) {
      c = candidates.front();
      RC_ASSERT(++steps < 200);
    }
  }));
}

}  // namespace
