// Deviations of c10's key sets, which no dispatch program can show.
#include <c10/core/DispatchKeySet.h>
#include <gtest/gtest.h>

// Deviation alias_is_no_member: an alias has no bits, so has() is true for every set.
TEST(TorchDeviations, AliasIsAMemberOfEverySet) {
  const c10::DispatchKeySet none, cpu(c10::DispatchKey::CPU);
  EXPECT_TRUE(none.has(c10::DispatchKey::Autograd));
  EXPECT_TRUE(cpu.has(c10::DispatchKey::CompositeImplicitAutograd));
}
