#include "fuzz/campaign/chunk_memory.h"

#include <gtest/gtest.h>

#include <limits>

namespace fuzz {
namespace {

float share_kept(double worst_share, oracles::Judgement judgement) {
  ChunkMemory memory(1);
  oracles::Verdict verdict;
  verdict.judgement = judgement;
  verdict.worst_share = worst_share;
  memory.record(0, 0, verdict);
  return memory.check(0, 0).worst_share;
}

TEST(ChunkMemory, KeepsTheShareOfTheBoundOfSidesThatAgree) {
  EXPECT_EQ(share_kept(0.5, oracles::Judgement::agree), 0.5F);
  EXPECT_EQ(share_kept(0.5, oracles::Judgement::differ), 0);
}

// The record of a run is JSON, which has no infinity: a record with one cannot be read back.
TEST(ChunkMemory, KeepsNoShareThatIsNotANumberOfJson) {
  EXPECT_EQ(share_kept(std::numeric_limits<double>::infinity(), oracles::Judgement::agree), 0);
  EXPECT_EQ(share_kept(std::numeric_limits<double>::quiet_NaN(), oracles::Judgement::agree), 0);
  EXPECT_EQ(share_kept(1e300, oracles::Judgement::agree), 0) << "larger than the largest float";
}

}  // namespace
}  // namespace fuzz
