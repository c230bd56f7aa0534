#include "reports/fingerprint.h"

#include <gtest/gtest.h>

namespace reports {
namespace {

const oracles::Signature signature{"torch", "zero", "aten::exp", oracles::Kind::strides};

// Findings in users' directories and known entries have these names: they must not change.
TEST(Fingerprint, IsTheSameEverywhere) {
  EXPECT_EQ(fingerprint_of(signature, {"key:ZeroTensor", "layout:strided"}), "765fa2349237cdb6");
  EXPECT_EQ(group_of(signature, {"key:ZeroTensor", "layout:strided"}), "a24fdd3d9d324115");
}

TEST(Fingerprint, GroupLeavesOutOnlyTheOperator) {
  oracles::Signature other = signature;
  other.op = "aten::sin";
  EXPECT_EQ(group_of(signature, {"a"}), group_of(other, {"a"}));
  EXPECT_NE(fingerprint_of(signature, {"a"}), fingerprint_of(other, {"a"}));
  other.kind = oracles::Kind::value;
  EXPECT_NE(group_of(signature, {"a"}), group_of(other, {"a"}));
  EXPECT_NE(group_of(signature, {"a"}), group_of(signature, {"a", "b"}));
  EXPECT_NE(group_of(signature, {"ab"}), group_of(signature, {"a", "b"}));
}

}  // namespace
}  // namespace reports
