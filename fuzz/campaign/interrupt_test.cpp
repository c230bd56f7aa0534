#include "fuzz/campaign/interrupt.h"

#include <gtest/gtest.h>

namespace fuzz {
namespace {

TEST(Interrupt, TwoSignalsAtOnceAreOneRequest) {
  const Interrupt interrupt;
  EXPECT_FALSE(interrupt.requested());
  raise(SIGINT);
  raise(SIGINT);  // as a second request it would end this process
  EXPECT_TRUE(interrupt.requested());
}

}  // namespace
}  // namespace fuzz
