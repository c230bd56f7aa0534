// Rows of the table of deviations that are asked of c10's sets, not of its dispatcher.
#include <c10/core/DispatchKeySet.h>
#include <gtest/gtest.h>

// Deviation alias_is_no_member: an alias has no bits, and so is a member of every set.
TEST(TorchDeviations, AliasIsAMemberOfEverySet) {
  const c10::DispatchKeySet none, cpu(c10::DispatchKey::CPU);
  EXPECT_TRUE(none.has(c10::DispatchKey::Autograd));
  EXPECT_TRUE(cpu.has(c10::DispatchKey::CompositeImplicitAutograd));
}
